import type { RankingRow } from "../ranking/row.ts";
import type { Lane } from "./lane.ts";

export interface TwoTowerRow extends RankingRow {
  /** -1: not in the model. */
  readonly user: number;
  /** Item indexes that make an unknown user's vector, oldest first; empty for a known one. */
  readonly history: Int32Array;
  readonly shape: Lane;
}
