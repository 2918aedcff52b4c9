import type { RankingRow } from "../ranking/row.ts";
import type { Lane } from "./lane.ts";
import type { TextLists } from "./texts.ts";

export interface ColdStartRow extends RankingRow {
  /** The tracks that are items, ascending, repeats and all. */
  readonly known: Int32Array;
  /** The names of the others. */
  readonly texts: TextLists;
  readonly shape: Lane;
}
