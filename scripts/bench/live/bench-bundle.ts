import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../../backends/engines/open-engine.ts";
import type { Bundle } from "../../../models/bundle/bundle.ts";
import { writeBundle, type NewPart } from "../../../models/bundle/write-bundle.ts";
import { buildCatalogue, buildIdIndex } from "../../../models/catalogue/build-index.ts";
import { Random } from "../../../models/random.ts";
import { exportTwoTower } from "../../../models/two-tower/export/export-two-tower.ts";
import type { Probe } from "../../../models/exporting/probe.ts";
import { twoTowerParts } from "../../../models/two-tower/parts.ts";
import { randomWeights } from "../../../models/two-tower/random-weights.ts";
import type { TwoTowerShape } from "../../../models/two-tower/weights.ts";

export const benchModel = "bench";
const probeCount = 16;

/** A whole bundle of random weights in every variant: to a server no different from a trained one. */
export async function buildBenchBundle(
  dir: string,
  shape: TwoTowerShape,
  version = "1",
): Promise<Bundle> {
  const partsDir = await mkdtemp(join(tmpdir(), "crossfade-bench-parts-"));
  try {
    const { parts, variants, settings } = await exportTwoTower(
      {
        weights: randomWeights(shape, new Random(1)),
        popularity: Float32Array.from({ length: shape.items }, (_, item) => item % 1_000),
        probes: probesOf(shape),
        version,
      },
      {
        dir: partsDir,
        open: (graph) => openEngine({ provider: "cpu", graph, lowPriorityLoad: false }),
      },
    );
    const ids = {
      [twoTowerParts.items]: part("items.ids", version, catalogueOf(shape)),
      [twoTowerParts.users]: part("users.ids", version, usersOf(shape)),
    };
    return await writeBundle(dir, {
      model: benchModel,
      version,
      family: "two-tower",
      idType: "string",
      created: new Date().toISOString(),
      settings,
      parts: { ...parts, ...ids },
      variants,
    });
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}

/** The same model under another version, its parts linked: what arrives is as much as a new export to a server. */
export function reversion(bundle: Bundle, dir: string, version: string): Promise<Bundle> {
  const { parts, format: _, variants, ...manifest } = bundle.manifest;
  return writeBundle(dir, {
    ...manifest,
    version,
    variants,
    parts: Object.fromEntries(Object.keys(parts).map((part) => [part, { from: bundle, part }])),
  });
}

export function itemId(item: number): string {
  return `track-${item}`;
}

export function userId(user: number): string {
  return `listener-${user}`;
}

function catalogueOf({ items }: TwoTowerShape): SharedArrayBuffer {
  const entries = Array.from({ length: items }, (_, item) => ({
    id: itemId(item),
    title: `Velvet Harbour, take ${item}`,
  }));
  return buildCatalogue(entries).buffer;
}

function usersOf({ users }: TwoTowerShape): SharedArrayBuffer {
  return buildIdIndex(Array.from({ length: users }, (_, user) => userId(user))).buffer;
}

function part(file: string, version: string, buffer: SharedArrayBuffer): NewPart {
  return { file, version, content: new Uint8Array(buffer) };
}

function probesOf({ users, items }: TwoTowerShape) {
  const random = new Random(2);
  const probe = (user: number): Probe => ({
    user,
    history: Int32Array.from({ length: 8 }, () => random.below(items)),
    next: random.below(items),
  });
  return {
    warm: Array.from({ length: probeCount }, () => probe(random.below(users))),
    cold: Array.from({ length: probeCount }, () => probe(-1)),
  };
}
