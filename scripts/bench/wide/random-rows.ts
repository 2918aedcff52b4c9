import { quantizeRows } from "../../../models/exporting/quantize-rows.ts";
import { gaussians } from "../../../models/gaussians.ts";
import type { Random } from "../../../models/random.ts";
import type { WideShape } from "./write-bundle.ts";

export interface RandomRows {
  /** int8 [items + 1, dims]; the last row is padding. */
  readonly codes: AsyncIterable<Uint8Array>;
  /** float32 [items + 1, 1] */
  readonly scales: Uint8Array;
}

/** Numbers that rows are cut out of: drawing a billion would take minutes. */
const poolRows = 8_192;
const rowsOfPiece = 4_096;

/** An int8 table of random rows, no two of which are the same, with norms as those of rare and of popular items. */
export function randomRows({ items, dims }: WideShape, random: Random): RandomRows {
  const { codes: pool } = quantizeRows(gaussians(poolRows * dims, random), dims);
  const scales = new Float32Array(items + 1);
  for (let item = 0; item <= items; item++) scales[item] = 0.01 + 0.02 * random.share() ** 4;

  async function* pieces() {
    for (let item = 0; item < items; item += rowsOfPiece) {
      const rows = Math.min(rowsOfPiece, items - item);
      const piece = new Int8Array(rows * dims);
      for (let row = 0; row < rows; row++) {
        const start = random.below(pool.length - dims);
        piece.set(pool.subarray(start, start + dims), row * dims);
      }
      yield new Uint8Array(piece.buffer);
    }
    yield new Uint8Array(dims);
  }
  return { codes: pieces(), scales: new Uint8Array(scales.buffer) };
}
