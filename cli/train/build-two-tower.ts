import { rm } from "node:fs/promises";
import { openEngine } from "../../backends/engines/open-engine.ts";
import type { Bundle } from "../../models/bundle/bundle.ts";
import { writeBundle } from "../../models/bundle/write-bundle.ts";
import type { CatalogueItem } from "../../models/catalogue/catalogue-item.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import { draftBundle } from "../../models/exporting/draft-bundle.ts";
import { exportTwoTower } from "../../models/two-tower/export/export-two-tower.ts";
import { makeWorkplaceFolder } from "../export/workplace-folder.ts";
import { trainBpr, type BprOptions } from "../../models/two-tower/train/bpr.ts";
import { holdOut, type HoldOutOptions } from "../../models/two-tower/train/hold-out.ts";
import type { Interactions } from "../../models/two-tower/train/interactions.ts";

export interface TwoTowerData {
  /** By their indexes in the interactions. */
  readonly items: Iterable<CatalogueItem>;
  readonly userIds: readonly string[];
  readonly interactions: Interactions;
}

export interface TwoTowerBuild {
  readonly model: string;
  readonly version: string;
  readonly idType: IdType;
  readonly training?: BprOptions;
  readonly holdOut?: HoldOutOptions;
  /** Takes lines of progress from the export. */
  readonly log?: (line: string) => void;
}

/**
 * A two-tower model, trained, exported, quantized and measured.
 * @param dir The bundle's folder, which appears whole or not at all; its parent holds the model's versions.
 */
export async function buildTwoTower(
  dir: string,
  data: TwoTowerData,
  build: TwoTowerBuild,
): Promise<Bundle> {
  const { model, version, idType, training = {}, log } = build;
  const { train, probes } = holdOut(data.interactions, build.holdOut);
  const { weights, popularity } = await trainBpr(train, training);

  const partsDir = await makeWorkplaceFolder();
  try {
    const exported = await exportTwoTower(
      { weights, popularity, probes, version },
      {
        dir: partsDir,
        open: (graph) => openEngine({ provider: "cpu", graph, lowPriorityLoad: false }),
        ...(log && { log }),
      },
    );
    training.signal?.throwIfAborted();
    const userIds = data.userIds.slice(0, train.users);
    const draft = draftBundle(
      exported,
      { items: data.items, userIds },
      { model, version, family: "two-tower", idType },
    );
    return await writeBundle(dir, draft);
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}
