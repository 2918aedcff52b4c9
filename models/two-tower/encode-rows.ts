import { encodeFeeds } from "../ranking/encode-feeds.ts";
import type { Tensors } from "../tensors.ts";
import type { TwoTowerRow } from "./row.ts";

export type EncodedRow = Pick<TwoTowerRow, "user" | "shape" | "history" | "candidates">;

/**
 * The feeds of one batch. All rows have the first one's shape.
 * @param itemCount The index of the item tables' zero row.
 */
export function encodeRows(rows: readonly EncodedRow[], itemCount: number): Tensors {
  return encodeFeeds(rows, {
    itemCount,
    inputs: {
      user: { dims: [], padding: -1, write: ({ user }, into, at) => (into[at] = user) },
      history: {
        dims: [rows[0]!.shape.history],
        padding: itemCount,
        write: ({ history }, into, at) => into.set(history, at),
      },
    },
  });
}
