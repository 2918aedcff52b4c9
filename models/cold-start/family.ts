import type { RequestLimits } from "../../proto/request-limits.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Family } from "../family.ts";
import type { NameIndex } from "../names/name-index.ts";
import { checkOutputs } from "../ranking/check-outputs.ts";
import { createRanking } from "../ranking/ranking.ts";
import { encodeRows } from "./encode-rows.ts";
import { parseLane, type Lane, type LaneRules } from "./lane.ts";
import { createRowMaking } from "./make-row.ts";
import { maxBatch, type BatchLimits } from "./max-batch.ts";
import { createTrackReading } from "./read-tracks.ts";
import type { ColdStartRow } from "./row.ts";
import type { VariantSettings } from "./settings.ts";
import { coldStartTensors } from "./tensors.ts";
import type { TextTower } from "./tower.ts";
import { warmUpBatches } from "./warm-up.ts";

export interface ColdStartOptions {
  readonly settings: VariantSettings;
  readonly items: Catalogue;
  readonly names: NameIndex;
  readonly tower: TextTower;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly limits: RequestLimits;
  /** For all intermediates of a run. Default 128 MiB. */
  readonly intermediateBytes?: number;
}

const defaultIntermediateBytes = 128 * 2 ** 20;

/** Recommends what goes with tracks: those that the request names, known or not, and those of its history. */
export function createColdStartFamily(options: ColdStartOptions): Family {
  const { settings, items, names, tower, limits } = options;
  const itemCount = items.size;
  const rules: LaneRules = { tower, itemCount };
  const batchLimits: BatchLimits = {
    ...settings,
    tower,
    itemCount,
    intermediateBytes: options.intermediateBytes ?? defaultIntermediateBytes,
  };
  const largest = (lane: Lane) => maxBatch(lane, batchLimits);
  return {
    ...createRanking({
      ...options,
      readTracks: createTrackReading({ names, tower, maxNamesakes: limits.maxExclude }),
      toRow: createRowMaking(rules),
    }),
    graph: coldStartTensors(tower.inputs),
    maxBatch: (lane) => largest(parseLane(lane)),
    encode: (rows) => encodeRows(rows as readonly ColdStartRow[], { tower, itemCount }),
    warmUp: () => warmUpBatches({ items, tower, rules, maxBatch: largest }),
    checkOutputs: ({ lane, rows }, outputs) =>
      checkOutputs(outputs, { rows, width: parseLane(lane).fetch, itemCount }),
  };
}
