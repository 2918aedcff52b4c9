import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { quantizeColumns, quantizeRows } from "./quantize-rows.ts";

test("every row fills int8 on a scale of its own", () => {
  const { codes, scales } = quantizeRows(Float32Array.of(1, -2, 0, 0, 0.001, 0.0005), 2);
  expect(codes).toEqual(Int8Array.of(64, -127, 0, 0, 127, 64));
  expect(scales).toEqual(Float32Array.of(2 / 127, 1, 0.001 / 127));
});

test("no number is further from what it was than half a step of its row", () => {
  const random = new Random(5);
  const values = Float32Array.from(
    { length: 600 },
    () => (random.share() - 0.5) * 100 ** random.share(),
  );
  const { codes, scales } = quantizeRows(values, 6);
  values.forEach((value, i) => {
    const scale = scales[Math.floor(i / 6)]!;
    expect(Math.abs(codes[i]! * scale - value)).toBeLessThanOrEqual(0.5001 * scale);
  });
});

test("columns are quantized as rows are", () => {
  const { codes, scales } = quantizeColumns(Float32Array.of(1, 4, -2, 8, 0.5, 2), 2);
  expect(codes).toEqual(Int8Array.of(64, 64, -127, 127, 32, 32));
  expect(scales).toEqual(Float32Array.of(2 / 127, 8 / 127));
});
