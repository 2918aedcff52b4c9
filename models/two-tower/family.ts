import type { RequestLimits } from "../../proto/request-limits.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Family, WarmUp } from "../family.ts";
import { checkOutputs } from "../ranking/check-outputs.ts";
import { createRanking } from "../ranking/ranking.ts";
import { refuseTracks } from "../ranking/refuse-tracks.ts";
import { spread } from "../ranking/spread.ts";
import { encodeRows, type EncodedRow } from "./encode-rows.ts";
import { laneFor, laneKey, maxBatch, parseLane, type BatchLimits, type Lane } from "./lane.ts";
import { createRowMaking } from "./make-row.ts";
import type { TwoTowerRow } from "./row.ts";
import { mostSurvivorsPerResult } from "../ranking/survivors.ts";
import { twoTowerTensors } from "./tensors.ts";

export interface TwoTowerOptions {
  readonly items: Catalogue;
  readonly users: IdIndex;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly dims: number;
  /** Items that the graph rescores exactly for each result asked for. Default 16, the most that an export takes. */
  readonly survivorsPerResult?: number;
  readonly limits: RequestLimits;
  /** For all intermediates of a run. Default 128 MiB. */
  readonly intermediateBytes?: number;
}

/** Dot products gain up to here and hardly further. */
const bestBatch = 128;
const defaultIntermediateBytes = 128 * 2 ** 20;

export function createTwoTowerFamily(options: TwoTowerOptions): Family {
  const { items, users, dims } = options;
  const itemCount = items.size;
  const ranking = createRanking({
    ...options,
    readTracks: refuseTracks("two-tower"),
    toRow: createRowMaking(itemCount),
  });
  const batchLimits: BatchLimits = {
    bestBatch,
    intermediateBytes: options.intermediateBytes ?? defaultIntermediateBytes,
    dims,
    itemCount,
    survivorsPerResult: options.survivorsPerResult ?? mostSurvivorsPerResult,
  };

  return {
    ...ranking,
    graph: twoTowerTensors,
    maxBatch: (lane) => maxBatch(parseLane(lane), batchLimits),
    encode: (rows) => encodeRows(rows as readonly TwoTowerRow[], itemCount),
    warmUp: () => warmUpBatches(batchLimits, users.size),
    checkOutputs: ({ lane, rows }, outputs) =>
      checkOutputs(outputs, { rows, width: parseLane(lane).fetch, itemCount }),
  };
}

/** The usual lanes, alone and in a full batch: a known user, one known by history, and each with candidates. */
function warmUpBatches(limits: BatchLimits, userCount: number): WarmUp[] {
  const { itemCount } = limits;
  const lanes = [0, 16].flatMap((historyLength) =>
    [0, Math.min(75, itemCount)].map((candidateCount) =>
      laneFor({ historyLength, candidateCount, wanted: 10, itemCount }),
    ),
  );
  return lanes.flatMap((lane) =>
    [...new Set([1, maxBatch(lane, limits)])].map((rows) =>
      warmUpBatch(lane, rows, { itemCount, userCount }),
    ),
  );
}

/** Rows of different users and items, from all over the tables: what is wrong with some of them may show. */
function warmUpBatch(
  lane: Lane,
  rows: number,
  { itemCount, userCount }: { readonly itemCount: number; readonly userCount: number },
): WarmUp {
  const row = (_: unknown, index: number): EncodedRow => ({
    user: lane.history > 0 ? -1 : spread(index, rows, userCount),
    shape: lane,
    history: Int32Array.from({ length: lane.history }, (_, i) =>
      spread(i, lane.history, itemCount),
    ),
    candidates: Int32Array.from({ length: lane.candidates }, (_, i) =>
      spread(i, lane.candidates, itemCount),
    ),
  });
  const feeds = encodeRows(Array.from({ length: rows }, row), itemCount);
  return { lane: laneKey(lane), rows, feeds };
}
