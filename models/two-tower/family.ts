import { createReplyWriter } from "../../proto/reply-writer.ts";
import { createRequestReader } from "../../proto/request-reader.ts";
import type { RequestLimits } from "../../proto/request-limits.ts";
import { encodeServedBy } from "../../proto/served.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Family, ServedBy, WarmUp } from "../family.ts";
import { encodeRows, type EncodedRow } from "./encode-rows.ts";
import { createItemMarks } from "./item-marks.ts";
import { laneFor, laneKey, maxBatch, parseLane, type BatchLimits, type Lane } from "./lane.ts";
import { createPopularity } from "./popularity.ts";
import { createRowReader } from "./read-row.ts";
import { createRowReplier } from "./reply-row.ts";
import type { TwoTowerRow } from "./row.ts";

export interface TwoTowerOptions {
  readonly items: Catalogue;
  readonly users: IdIndex;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly dims: number;
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
  };

  return {
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
    warmUp: () => warmUpBatches(batchLimits),
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
function warmUpBatches(limits: BatchLimits): WarmUp[] {
  const { itemCount } = limits;
  const lanes = [0, 16].flatMap((historyLength) =>
    [0, Math.min(75, itemCount)].map((candidateCount) =>
      laneFor({ historyLength, candidateCount, wanted: 10, itemCount }),
    ),
  );
  return lanes.flatMap((lane) =>
    [...new Set([1, maxBatch(lane, limits)])].map((rows) => warmUpBatch(lane, rows, itemCount)),
  );
}

function warmUpBatch(lane: Lane, rows: number, itemCount: number): WarmUp {
  const row = (): EncodedRow => ({
    user: lane.history > 0 ? -1 : 0,
    shape: lane,
    history: new Int32Array(lane.history),
    candidates: new Int32Array(lane.candidates),
  });
  const feeds = encodeRows(Array.from({ length: rows }, row), itemCount);
  return { lane: laneKey(lane), rows, feeds };
}
