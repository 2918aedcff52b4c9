import { allocateTensors } from "../allocate-tensors.ts";
import type { Tensors } from "../tensors.ts";
import type { TwoTowerRow } from "./row.ts";

export type EncodedRow = Pick<TwoTowerRow, "user" | "shape" | "history" | "candidates">;

/**
 * The feeds of one batch. All rows have the first one's shape.
 * @param padding The index of the item tables' zero row.
 */
export function encodeRows(rows: readonly EncodedRow[], padding: number): Tensors {
  const { history, candidates, fetch } = rows[0]!.shape;
  const feeds = allocateTensors({
    user: { type: "int32", dims: [rows.length] },
    history: { type: "int32", dims: [rows.length, history] },
    candidates: { type: "int32", dims: [rows.length, candidates] },
    k: { type: "int32", dims: [1] },
  });
  const users = feeds.user.data as Int32Array;
  const histories = (feeds.history.data as Int32Array).fill(padding);
  const candidateLists = (feeds.candidates.data as Int32Array).fill(padding);
  rows.forEach((row, i) => {
    users[i] = row.user;
    histories.set(row.history, i * history);
    if (row.candidates) candidateLists.set(row.candidates, i * candidates);
  });
  (feeds.k.data as Int32Array)[0] = fetch;
  return feeds;
}
