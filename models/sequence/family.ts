import type { RequestLimits } from "../../proto/request-limits.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Family } from "../family.ts";
import { checkOutputs } from "../ranking/check-outputs.ts";
import { createRanking } from "../ranking/ranking.ts";
import { refuseTracks } from "../ranking/refuse-tracks.ts";
import { encodeRows, type Encoding } from "./encode-rows.ts";
import { parseLane, type LaneRules } from "./lane.ts";
import { createRowMaking } from "./make-row.ts";
import { maxBatch, type BatchLimits } from "./max-batch.ts";
import type { SequenceRow } from "./row.ts";
import type { VariantSettings } from "./settings.ts";
import { sequenceTensors } from "./tensors.ts";
import { warmUpBatches } from "./warm-up.ts";

export interface SequenceOptions {
  readonly settings: VariantSettings;
  readonly items: Catalogue;
  /** Absent: the variant knows no users, and all are the mean. */
  readonly users?: IdIndex | undefined;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly limits: RequestLimits;
  /** For all intermediates of a run. Default 128 MiB. */
  readonly intermediateBytes?: number;
}

const defaultIntermediateBytes = 128 * 2 ** 20;

/** Recommends what comes after a sequence of items: the request's history, of which the last ones count. */
export function createSequenceFamily(options: SequenceOptions): Family {
  const { settings, items, users } = options;
  const itemCount = items.size;
  const rules: LaneRules = { lengths: settings.lengths, itemCount };
  const encoding: Encoding = { padding: settings.padding, itemCount };
  const batchLimits: BatchLimits = {
    ...settings,
    itemCount,
    intermediateBytes: options.intermediateBytes ?? defaultIntermediateBytes,
  };
  return {
    ...createRanking({
      ...options,
      readTracks: refuseTracks("sequence"),
      toRow: createRowMaking(rules),
    }),
    graph: sequenceTensors,
    maxBatch: (lane) => maxBatch(parseLane(lane), batchLimits),
    encode: (rows) => encodeRows(rows as readonly SequenceRow[], encoding),
    warmUp: () =>
      warmUpBatches({
        ...encoding,
        rules,
        userCount: users?.size ?? 0,
        maxBatch: (lane) => maxBatch(lane, batchLimits),
      }),
    checkOutputs: ({ lane, rows }, outputs) =>
      checkOutputs(outputs, { rows, width: parseLane(lane).fetch, itemCount }),
  };
}
