import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unhurried } from "../../exporting/graph-runner.ts";
import { greatestCode } from "../../exporting/quantize-rows.ts";
import { gaussians } from "../../gaussians.ts";
import { buildGraph, type GraphBuilder, type Value } from "../../onnx/build-graph.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { codeOfZero, fineVectorCodes, highFactor, vectorCodes } from "./vector-codes.ts";

const dims = 24;
const [least16, most16] = [-(2 ** 15), 2 ** 15 - 1];

type Encode = (graph: GraphBuilder, vectors: Value) => Value;
const factors = gaussians(dims, new Random(2));
const encodings: readonly (readonly [string, Encode])[] = [
  ["7 bits", vectorCodes],
  ["7 bits, dimensions scaled", (graph, vectors) => vectorCodes(graph, vectors, factors)],
  ["14 bits", (graph, vectors) => fineVectorCodes(graph, vectors).codes],
];

/** The codes that a graph makes, row after row. */
async function codesOf(encode: Encode, vectors: Float32Array): Promise<Uint8Array> {
  const dir = await mkdtemp(join(tmpdir(), "vector-codes-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const graph = buildGraph("codes", (builder) => {
    const codes = encode(builder, builder.input("vectors", "float32", ["batch", dims]));
    builder.node("Identity", [codes], { outputs: ["codes"] });
    builder.output("codes", "uint8", ["rows", dims]);
  });
  await writeFile(join(dir, "codes.onnx"), encodeModel(graph));
  const runner = await openRunner(join(dir, "codes.onnx"));
  onTestFinished(() => runner.close());
  const feed = { type: "float32", dims: [vectors.length / dims, dims], data: vectors } as const;
  const { codes } = await runner.run({ vectors: feed }, unhurried);
  return codes!.data as Uint8Array;
}

function rowsOf<Numbers extends Uint8Array | Float32Array>(numbers: Numbers): Numbers[] {
  return Array.from(
    { length: numbers.length / dims },
    (_, row) => numbers.subarray(row * dims, (row + 1) * dims) as Numbers,
  );
}

/** Vectors that fill the codes to their ends: all at the largest number, of either sign, and of any size. */
const extremes = [1, -1, 1e-38, -1e-32, 0.1, -1 / 3, 1e38, 0].flatMap((value) =>
  Array<number>(dims).fill(value),
);
const vectors = Float32Array.of(...extremes, ...gaussians(500 * dims, new Random(1)));
/** An item that answers each code by the largest products: with the sign, against it, all above, all below. */
const worstItems: readonly ((code: number) => number)[] = [
  (code) => (code >= codeOfZero ? greatestCode : -greatestCode),
  (code) => (code >= codeOfZero ? -greatestCode : greatestCode),
  () => greatestCode,
  () => -greatestCode,
];

test("two products of the greatest codes fit into 16 bits", () => {
  const greatest = 2 * codeOfZero * greatestCode;
  expect(2 * greatest).toBeLessThanOrEqual(most16);
  expect(-2 * greatest).toBeGreaterThanOrEqual(least16);
});

test.each(encodings)("codes of %s go no further than that", async (_, encode) => {
  const codes = await codesOf(encode, vectors);
  expect(codes.reduce((least, code) => Math.min(least, code))).toBe(0);
  expect(codes.reduce((most, code) => Math.max(most, code))).toBe(2 * codeOfZero);
});

test.each(encodings)(
  "sums of %s lose nothing where two products have 16 bits",
  async (_, encode) => {
    for (const codes of rowsOf(await codesOf(encode, vectors))) {
      for (const worst of worstItems) {
        const item = Array.from(codes, worst);
        const products = item.map((value, dim) => value * codes[dim]!);
        const whole = products.reduce((sum, product) => sum + product, 0);
        expect(sumInPairs(products)).toBe(whole);
      }
    }
  },
);

/** As `vpmaddubsw` adds: two by two, cut off at 16 bits. */
function sumInPairs(products: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < products.length; i += 2)
    sum += Math.min(most16, Math.max(least16, products[i]! + products[i + 1]!));
  return sum;
}

test("codes of 7 bits are the vector to half a step", async () => {
  const codes = rowsOf(await codesOf(vectorCodes, vectors));
  rowsOf(vectors).forEach((vector, row) => {
    const step = Math.max(1e-30, ...vector.map(Math.abs)) / codeOfZero;
    vector.forEach((value, dim) => {
      const error = (codes[row]![dim]! - codeOfZero) * step - value;
      expect(Math.abs(error)).toBeLessThanOrEqual(0.5001 * step);
    });
  });
});

test("codes of 14 bits are the vector to half a step, as a high and a low byte", async () => {
  const codes = rowsOf(
    await codesOf((graph, value) => fineVectorCodes(graph, value).codes, vectors),
  );
  rowsOf(vectors).forEach((vector, row, { length }) => {
    const step = Math.max(1e-30, ...vector.map(Math.abs)) / (codeOfZero * highFactor);
    const [high, low] = [codes[row]!, codes[length + row]!];
    vector.forEach((value, dim) => {
      const whole = highFactor * (high[dim]! - codeOfZero) + low[dim]! - codeOfZero;
      expect(Math.abs(whole * step - value)).toBeLessThanOrEqual(0.501 * step);
    });
  });
});
