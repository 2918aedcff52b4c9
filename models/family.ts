import type { ServingError } from "../proto/serving-error.ts";
import type { Recommended } from "./recommended.ts";
import type { TensorInfo, Tensors } from "./tensors.ts";

/** One request, read: ids resolved to indexes, defaults applied, caps checked. */
export interface Row {
  /**
   * Rows of one lane have equal shapes and may share a batch. Whatever could change another row's result
   * (padded lengths, how many results to fetch) is part of the lane: an answer depends on its request alone.
   */
  readonly lane: string;
  /** False: the reply needs no run (popularity, for a user with nothing to go on). */
  readonly needsRun: boolean;
  readonly coldStart: boolean;
  readonly unknownCount: number;
  /** What reading it took beside passing over its bytes, as bytes that would have taken as long. Default 0. */
  readonly readingBytes?: number;
}

/** Who answered, as the reply says it. */
export interface ServedBy {
  readonly model: string;
  readonly version: string;
  readonly backend: string;
}

/** One row of what a run gave. */
export interface RowResult {
  readonly outputs: Tensors;
  /** The row's place in the batch. */
  readonly index: number;
}

/** A batch made up to touch kernels before the first query; its time is the first guess at the lane's cost. */
export interface WarmUp {
  readonly lane: string;
  readonly rows: number;
  readonly feeds: Tensors;
}

/** What a graph must take and give to be run for a family. -1: a size that each run chooses. */
export interface GraphTensors {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** How requests become tensors and tensors become replies, for one loaded bundle. */
export interface Family {
  readonly graph: GraphTensors;
  read(request: Uint8Array): Row | ServingError;
  /** The largest batch that is still worth it, within the memory allowed for intermediates. */
  maxBatch(lane: string): number;
  /** Rows of one lane only. */
  encode(rows: readonly Row[]): Tensors;
  /** `result` is absent when the row needs no run. The returned bytes are the caller's to keep. */
  reply(row: Row, by: ServedBy, result?: RowResult): Uint8Array;
  /** Touches every kernel once; fresh feeds at every call, since a run takes them over. */
  warmUp(): readonly WarmUp[];
  /** Throws FAILED_PRECONDITION for outputs of such a batch that make no reply: ids of nothing, scores that are no numbers. */
  checkOutputs(batch: Pick<WarmUp, "lane" | "rows">, outputs: Tensors): void;
  /** What its replies recommended. Absent: it does not say. */
  readonly recommended?: Recommended;
}
