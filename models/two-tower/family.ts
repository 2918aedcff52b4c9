import { createReplyWriter } from "../../proto/reply-writer.ts";
import { createRequestReader } from "../../proto/request-reader.ts";
import type { RequestLimits } from "../../proto/request-limits.ts";
import { encodeServedBy } from "../../proto/served.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Family, ServedBy, WarmUp } from "../family.ts";
import { encodeRows, type EncodedRow } from "./encode-rows.ts";
import { checkOutputs } from "./check-outputs.ts";
import { createItemMarks } from "./item-marks.ts";
import { laneFor, laneKey, maxBatch, parseLane, type BatchLimits, type Lane } from "./lane.ts";
import { createPopularity } from "./popularity.ts";
import { createRowReader } from "./read-row.ts";
import { createRowReplier } from "./reply-row.ts";
import type { TwoTowerRow } from "./row.ts";
import { mostSurvivorsPerResult } from "./settings.ts";
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
  const marks = createItemMarks(itemCount);
  const read = createRowReader({
    reader: createRequestReader(options.limits),
    users,
    items,
    marks,
  });
  const popularity = createPopularity(options.popularity, marks);
  const replier = createRowReplier({ writer: createReplyWriter(), items, popularity, marks });
  const servedBy = createServedBy();
  const batchLimits: BatchLimits = {
    bestBatch,
    intermediateBytes: options.intermediateBytes ?? defaultIntermediateBytes,
    dims,
    itemCount,
    survivorsPerResult: options.survivorsPerResult ?? mostSurvivorsPerResult,
  };

  return {
    graph: twoTowerTensors,
    read(request) {
      try {
        return read(request);
      } catch (error) {
        return ServingError.from(error);
      }
    },
    maxBatch: (lane) => maxBatch(parseLane(lane), batchLimits),
    encode: (rows) => encodeRows(rows as readonly TwoTowerRow[], itemCount),
    reply: (row, by, result) =>
      result
        ? replier.ranked(row as TwoTowerRow, servedBy(by), result)
        : replier.popular(row as TwoTowerRow, servedBy(by)),
    warmUp: () => warmUpBatches(batchLimits, users.size),
    checkOutputs: ({ lane, rows }, outputs) =>
      checkOutputs(outputs, { rows, width: parseLane(lane).fetch, itemCount }),
  };
}

/** Encodes who answers once per backend, not once per reply. */
function createServedBy(): (by: ServedBy) => Uint8Array {
  const encoded = new WeakMap<ServedBy, Uint8Array>();
  return (by) => {
    let bytes = encoded.get(by);
    if (!bytes) encoded.set(by, (bytes = encodeServedBy(by)));
    return bytes;
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

/** The first of `parts` equal parts of a table begins at its start, the second after it, and so on. */
function spread(part: number, parts: number, tableLength: number): number {
  return Math.floor((part * tableLength) / parts);
}
