import type { Row } from "../family.ts";
import type { Lane } from "./lane.ts";

/** Where in a request the ids lie that the model does not know. */
export interface UnknownIds {
  readonly count: number;
  /** Start and end of the first few. */
  readonly spans: Int32Array;
  readonly bytes: Uint8Array;
}

export interface TwoTowerRow extends Row {
  /** -1: not in the model. */
  readonly user: number;
  /** Item indexes that make an unknown user's vector, oldest first; empty for a known one. */
  readonly history: Int32Array;
  /** Item indexes to rank; undefined = the whole catalogue. */
  readonly candidates: Int32Array | undefined;
  /** Item indexes to leave out of the graph's results; candidates are already free of them. */
  readonly excluded: Int32Array;
  readonly topK: number;
  readonly shape: Lane;
  readonly unknown: UnknownIds;
}
