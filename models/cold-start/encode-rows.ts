import { encodeFeeds, type Feed } from "../ranking/encode-feeds.ts";
import type { Tensors } from "../tensors.ts";
import type { ColdStartRow } from "./row.ts";
import type { TextTower } from "./tower.ts";

export type EncodedRow = Pick<ColdStartRow, "known" | "texts" | "shape" | "candidates">;

export interface Encoding {
  readonly tower: Pick<TextTower, "inputs" | "padding">;
  /** The index behind the last item, which pads tracks and candidates. */
  readonly itemCount: number;
}

/** @param rows Of one lane. */
export function encodeRows(rows: readonly EncodedRow[], { tower, itemCount }: Encoding): Tensors {
  const { known, fresh, length } = rows[0]!.shape;
  const { inputs, padding } = tower;
  const texts = inputs.map((name, list): [string, Feed<EncodedRow>] => [
    name,
    {
      dims: [fresh, length],
      padding,
      write: (row, into, at) => writeLists(row, { list, of: inputs.length, length, into, at }),
    },
  ]);
  return encodeFeeds(rows, {
    itemCount,
    inputs: {
      tracks: {
        dims: [known],
        padding: itemCount,
        write: (row, into, at) => into.set(row.known, at),
      },
      ...Object.fromEntries(texts),
    },
  });
}

interface Place {
  /** Which of the lists that every track has, and how many it has. */
  readonly list: number;
  readonly of: number;
  readonly length: number;
  readonly into: Int32Array;
  readonly at: number;
}

function writeLists({ texts }: EncodedRow, { list, of, length, into, at }: Place): void {
  const { count, numbers, ends } = texts;
  for (let track = 0; track < count; track++) {
    const place = track * of + list;
    let to = at + track * length;
    for (let from = place === 0 ? 0 : ends[place - 1]!; from < ends[place]!; from++)
      into[to++] = numbers[from]!;
  }
}
