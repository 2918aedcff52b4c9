import type { RankingRow } from "../ranking/row.ts";
import type { Lane } from "./lane.ts";

export interface SequenceRow extends RankingRow {
  /** -1: not in the model. */
  readonly user: number;
  /** The last items that were chosen, oldest first, repeats and all; no longer than the model takes. */
  readonly sequence: Int32Array;
  readonly shape: Lane;
}
