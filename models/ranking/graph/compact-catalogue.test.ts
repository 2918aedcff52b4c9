import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { quantizeRows } from "../../exporting/quantize-rows.ts";
import { gaussians } from "../../gaussians.ts";
import { buildGraph } from "../../onnx/build-graph.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { cast } from "../../onnx/operators.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { compactCatalogue, type CompactItems } from "./compact-catalogue.ts";

// Chunks of whole groups and a rest; neither is a multiple of what kernels do at once.
const [items, dims] = [1_003, 27];
const files = { int8: "codes.i8", scales: "scales.f32" };

type Form = Omit<CompactItems, "files"> & { readonly threads?: number };

/** Ranks all of these items for vectors that come from outside. */
async function open(table: Float32Array, form: Form): Promise<GraphRunner> {
  const dir = await mkdtemp(join(tmpdir(), "compact-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const folder = createPartsFolder(dir, "1");
  const { codes, scales } = quantizeRows(table, dims);
  await folder.add("codes", "i8", codes);
  await folder.add("scales", "f32", scales);
  const graph = buildGraph("compact", (builder) => {
    const vectors = builder.input("vectors", "float32", ["batch", dims]);
    const k = cast(builder, builder.input("k", "int32", [1]), "int64");
    const shape = { items, dims };
    const rank = compactCatalogue(builder, shape, { ...form, files });
    const { ids, scores } = rank(builder, { shape, vectorsOf: lookUpNothing, vectors, k });
    builder.output(ids, "int32", ["batch", "results"]);
    builder.output(scores, "float32", ["batch", "results"]);
  });
  const { path } = await folder.add("compact", "onnx", encodeModel(graph));
  const runner = await openRunner(path, form.threads);
  onTestFinished(() => runner.close());
  return runner;
}

function lookUpNothing(): never {
  throw new Error("nothing of a compact catalogue is looked up");
}

interface Ranked {
  readonly ids: readonly number[];
  readonly scores: readonly number[];
}

/** One for each vector, best first. */
async function rank(runner: GraphRunner, vectors: Float32Array, k: number): Promise<Ranked[]> {
  const rows = vectors.length / dims;
  const outputs = await runner.run(
    {
      vectors: { type: "float32", dims: [rows, dims], data: vectors },
      k: { type: "int32", dims: [1], data: Int32Array.of(k) },
    },
    unhurried,
  );
  const ofType = (wanted: string) => Object.values(outputs).find(({ type }) => type === wanted);
  const [ids, scores] = [ofType("int32"), ofType("float32")];
  const width = ids!.dims[1]!;
  const part = (data: ArrayLike<number>, row: number) =>
    Array.from({ length: width }, (_, i) => data[row * width + i]!);
  return Array.from({ length: rows }, (_, row) => ({
    ids: part(ids!.data as Int32Array, row),
    scores: part(scores!.data as Float32Array, row),
  }));
}

/** What int8 rows say, in double precision. */
function expected(table: Float32Array, vector: Float32Array, k: number): Ranked {
  const { codes, scales } = quantizeRows(table, dims);
  const all = Array.from({ length: items }, (_, item) => {
    const row = codes.subarray(item * dims, (item + 1) * dims);
    return scales[item]! * row.reduce((sum, code, dim) => sum + code * vector[dim]!, 0);
  });
  const ids = [...all.keys()].sort((a, b) => all[b]! - all[a]! || a - b).slice(0, k);
  return { ids, scores: ids.map((item) => all[item]!) };
}

const random = new Random(5);
/** Norms that span a hundredfold, as those of rare and of popular items. */
const table = gaussians(items * dims, random).map(
  (value, i) => value * 10 ** ((2 * ((Math.floor(i / dims) * 31) % items)) / items),
);
const vectors = gaussians(32 * dims, random);
const vector = vectors.subarray(0, dims);

test.each([
  ["in one piece", { chunkItems: items }],
  ["in chunks of whole groups", { chunkItems: 64 }],
  ["in chunks that no group divides", { chunkItems: 37 }],
  ["as it is by default", {}],
])("finds what all rows in int8 say, %s", async (_, form) => {
  const runner = await open(table, form);
  const found = await rank(runner, vectors, 10);
  found.forEach(({ ids, scores }, row) => {
    const exact = expected(table, vectors.subarray(row * dims, (row + 1) * dims), 10);
    expect(ids).toEqual(exact.ids);
    scores.forEach((score, i) =>
      expect(Math.abs(score - exact.scores[i]!)).toBeLessThan(2e-4 * exact.scores[0]!),
    );
  });
});

test.each([10, 64, 65, 300, 5_000])("gives %i results, however small the chunks are", async (k) => {
  const [whole] = await rank(await open(table, {}), vector, k);
  const runner = await open(table, { chunkItems: 64 });
  const [chunked] = await rank(runner, vector, k);
  expect(chunked!.ids).toHaveLength(Math.min(k, items));
  expect(new Set(chunked!.ids).size).toBe(chunked!.ids.length);
  expect(chunked).toEqual(whole);
});

test("of equal items the lower ones are found, first of all, across chunks and groups", async () => {
  const twins = [3, 4, 17, 63, 64, 65, 200, 511, 512, 900, 1_001, 1_002];
  const best = vector.map((value) => 1_000 * value);
  const equal = table.slice();
  for (const item of twins) equal.set(best, item * dims);
  for (const chunkItems of [64, 37]) {
    const runner = await open(equal, { chunkItems });
    for (const k of [1, 2, 5, 11, 12]) {
      const [{ ids } = { ids: [] }] = await rank(runner, vector, k);
      expect(ids).toEqual(twins.slice(0, k));
    }
  }
});

test("where all scores are equal, the first items are", async () => {
  const runner = await open(new Float32Array(items * dims), {
    chunkItems: 64,
  });
  const [{ ids } = { ids: [] }] = await rank(runner, vector, 100);
  expect(ids).toEqual(Array.from({ length: 100 }, (_, item) => item));
});

test.each([1, 2, 3])(
  "has the same bits alone and in any batch, with %i threads",
  async (threads) => {
    const runner = await open(table, { chunkItems: 256, threads });
    const alone: Ranked[] = [];
    for (let row = 0; row < 32; row++)
      alone.push(...(await rank(runner, vectors.slice(row * dims, (row + 1) * dims), 16)));
    for (const size of [2, 3, 32])
      for (let row = 0; row + size <= 32; row += size) {
        const batch = vectors.slice(row * dims, (row + size) * dims);
        expect(await rank(runner, batch, 16)).toEqual(alone.slice(row, row + size));
      }
  },
);
