import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../backends/engines/open-engine.ts";
import { writeBundle, type NewPart } from "../../models/bundle/write-bundle.ts";
import type { Bundle } from "../../models/bundle/bundle.ts";
import { buildCatalogue, buildIdIndex } from "../../models/catalogue/build-index.ts";
import {
  exportTwoTower,
  type TwoTowerExport,
} from "../../models/two-tower/export/export-two-tower.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import { twoTowerParts } from "../../models/two-tower/parts.ts";
import { trainBpr, type BprOptions } from "../../models/two-tower/train/bpr.ts";
import { holdOut } from "../../models/two-tower/train/hold-out.ts";
import { collectInteractions } from "../../models/two-tower/train/interactions.ts";
import { listenerId, type World } from "../../loadtest/world/create-world.ts";

export interface PlaylistsBundleOptions {
  readonly world: World;
  readonly version: string;
  readonly training?: BprOptions;
  /** "int": listeners and playlists go by their numbers in the world, without the letter. Default "string". */
  readonly idType?: IdType;
  /** Takes lines of progress from the export. */
  readonly log?: (line: string) => void;
}

/**
 * Other people's playlists for the listeners of an invented music service: trained, exported, quantized and measured.
 * @param dir The bundle's folder; its parent holds the model's versions.
 */
export async function buildPlaylistsBundle(
  dir: string,
  options: PlaylistsBundleOptions,
): Promise<Bundle> {
  const { world, version, idType = "string" } = options;
  const counts = { users: world.sizes.listeners, items: world.sizes.playlists };
  const { train, probes } = holdOut(
    collectInteractions(counts, (listener) => world.follows(listener)),
  );
  const { weights, popularity } = await trainBpr(train, options.training);

  const partsDir = await mkdtemp(join(tmpdir(), "crossfade-export-"));
  try {
    const exported = await exportTwoTower(
      { weights, popularity, probes, version },
      {
        dir: partsDir,
        open: (graph) => openEngine({ provider: "cpu", graph, lowPriorityLoad: false }),
        ...(options.log && { log: options.log }),
      },
    );
    return await writeBundle(
      dir,
      draftOf(exported, { world, version, idType, users: train.users }),
    );
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}

interface Ids {
  readonly world: World;
  readonly version: string;
  readonly idType: IdType;
  /** Those that the model was trained on come first. */
  readonly users: number;
}

function draftOf({ parts, variants, settings }: TwoTowerExport, ids: Ids) {
  const { world, version, idType, users } = ids;
  const named = (id: string) => (idType === "int" ? id.slice(1) : id);
  const playlists = Array.from({ length: world.sizes.playlists }, (_, i) => {
    const { id, title } = world.playlist(i);
    return { id: named(id), title };
  });
  const items = buildCatalogue(playlists, { idType });
  const userIds = Array.from({ length: users }, (_, i) => named(listenerId(i)));
  const listeners = buildIdIndex(userIds, { idType });
  return {
    model: "playlists",
    version,
    family: "two-tower",
    idType,
    created: new Date().toISOString(),
    settings,
    parts: {
      ...parts,
      [twoTowerParts.items]: idPart("items.ids", version, items.buffer),
      [twoTowerParts.users]: idPart("users.ids", version, listeners.buffer),
    },
    variants,
  };
}

function idPart(file: string, version: string, buffer: SharedArrayBuffer): NewPart {
  return { file, version, content: new Uint8Array(buffer) };
}
