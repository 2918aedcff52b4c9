import { allocateTensors } from "../allocate-tensors.ts";
import type { Tensors } from "../tensors.ts";
import type { SequenceRow } from "./row.ts";
import type { SequenceSettings } from "./settings.ts";

export type EncodedRow = Pick<SequenceRow, "user" | "shape" | "sequence" | "candidates">;

export interface Encoding extends Pick<SequenceSettings, "padding"> {
  /** The index behind the last item, which pads sequences and candidates. */
  readonly itemCount: number;
}

/** @param rows Of one lane. */
export function encodeRows(rows: readonly EncodedRow[], { padding, itemCount }: Encoding): Tensors {
  const { length, candidates, fetch } = rows[0]!.shape;
  const feeds = allocateTensors({
    user: { type: "int32", dims: [rows.length] },
    sequence: { type: "int32", dims: [rows.length, length] },
    candidates: { type: "int32", dims: [rows.length, candidates] },
    k: { type: "int32", dims: [1] },
  });
  const users = feeds.user.data as Int32Array;
  const sequences = (feeds.sequence.data as Int32Array).fill(itemCount);
  const candidateLists = (feeds.candidates.data as Int32Array).fill(itemCount);
  rows.forEach((row, i) => {
    users[i] = row.user;
    const before = padding === "left" ? length - row.sequence.length : 0;
    sequences.set(row.sequence, i * length + before);
    if (row.candidates) candidateLists.set(row.candidates, i * candidates);
  });
  (feeds.k.data as Int32Array)[0] = fetch;
  return feeds;
}
