import type { Random } from "../../random.ts";
import type { Tensors } from "../../tensors.ts";

/** Each row's ids and score bits. */
export function resultBits(outputs: Tensors, rows: number): string[] {
  return Array.from(
    { length: rows },
    (_, row) => `${bitsOf(outputs, "ids", row)} ${bitsOf(outputs, "scores", row)}`,
  );
}

function bitsOf(outputs: Tensors, name: string, row: number): string {
  const { data, dims } = outputs[name]!;
  const bytes = 4 * dims[1]!;
  return Buffer.from(data.buffer, data.byteOffset + row * bytes, bytes).toString("hex");
}

/** Full batches, in which rows stand elsewhere each time; what is left over stays out. */
export function batchesOf<T>(rows: readonly T[], size: number, random: Random): T[][] {
  const shift = random.below(rows.length);
  const order = rows.map((_, i) => rows[(i * 37 + shift) % rows.length]!);
  return Array.from({ length: Math.floor(rows.length / size) }, (_, i) =>
    order.slice(i * size, (i + 1) * size),
  );
}
