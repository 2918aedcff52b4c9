import { encodeFeeds } from "../ranking/encode-feeds.ts";
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
  const { length } = rows[0]!.shape;
  const isLeft = padding === "left";
  return encodeFeeds(rows, {
    itemCount,
    inputs: {
      user: { dims: [], padding: -1, write: ({ user }, into, at) => (into[at] = user) },
      sequence: {
        dims: [length],
        padding: itemCount,
        write: ({ sequence }, into, at) =>
          into.set(sequence, isLeft ? at + length - sequence.length : at),
      },
    },
  });
}
