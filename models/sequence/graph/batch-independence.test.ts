import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { batchesOf, resultBits } from "../../ranking/graph/batches.fixture.ts";
import { encodeRows, type EncodedRow } from "../encode-rows.ts";
import { randomWeights } from "../random-weights.ts";
import type { SequenceShape } from "../shape.ts";
import { writeVariants, type VariantFiles } from "./variants.fixture.ts";

const random = new Random(7);

const base: SequenceShape = {
  // Neither is a multiple of what any kernel does at once.
  items: 1_003,
  itemDims: 27,
  users: 60,
  userDims: 23,
  maxLength: 50,
  blocks: 2,
  heads: 1,
  hidden: 51,
  activation: "relu",
  layerNormEpsilon: 1e-8,
  embeddingScale: Math.sqrt(50),
};

const models: readonly (readonly [string, SequenceShape, string])[] = [
  ["fp32", base, "exact"],
  ["qint8, head in int8", base, "rescore-4k"],
  ["qint8, tables in int8", base, "tables"],
  ["edge", base, "edge"],
  [
    "fp32, SASRec with heads and GELU",
    { ...base, userDims: 0, users: 0, itemDims: 50, heads: 2, activation: "gelu", hidden: 61 },
    "exact",
  ],
];

const shapes = [
  { length: 8, candidates: 0, fetch: 16 },
  { length: 16, candidates: 32, fetch: 16 },
  { length: 50, candidates: 0, fetch: 16 },
];

/** Sequences of any length up to the padded one, known and unknown users mixed. */
function randomRow(shape: EncodedRow["shape"], { items, users }: SequenceShape): EncodedRow {
  const list = (length: number) => Int32Array.from({ length }, () => random.below(items));
  return {
    user: random.share() < 0.3 || users === 0 ? -1 : random.below(users),
    shape,
    sequence: list(1 + random.below(shape.length)),
    candidates:
      shape.candidates === 0 ? undefined : list(random.below(shape.candidates) + 1).sort(),
  };
}

/** Each row's ids and score bits. */
async function resultsOf(
  runner: GraphRunner,
  rows: readonly EncodedRow[],
  itemCount: number,
): Promise<string[]> {
  const outputs = await runner.run(encodeRows(rows, { padding: "left", itemCount }), unhurried);
  return resultBits(outputs, rows.length);
}

describe.each(models)("%s", (_, shape, form) => {
  let files: VariantFiles;
  let runner: GraphRunner;
  beforeAll(async () => {
    files = await writeVariants(randomWeights(shape, random), [form]);
    runner = await openRunner(files.graphs[form]!);
  });
  afterAll(async () => {
    await runner.close();
    await files[Symbol.asyncDispose]();
  });

  test.each(shapes)("has the same bits alone and in any batch, at any place: %o", async (lane) => {
    const rows = Array.from({ length: 128 }, () => randomRow(lane, shape));
    const alone = new Map<EncodedRow, string>();
    for (const row of rows) alone.set(row, (await resultsOf(runner, [row], shape.items))[0]!);
    for (const size of [2, 3, 32, 128]) {
      for (const batch of batchesOf(rows, size, random)) {
        expect(await resultsOf(runner, batch, shape.items)).toEqual(
          batch.map((row) => alone.get(row)),
        );
      }
    }
  });
});

const wide: SequenceShape = { ...base, itemDims: 50, userDims: 50, maxLength: 200 };
const wholeSequence: EncodedRow["shape"] = { length: 200, candidates: 0, fetch: 16 };
const manyCandidates: EncodedRow["shape"] = { length: 8, candidates: 4_096, fetch: 4_096 };
const manySurvivors: EncodedRow["shape"] = { length: 8, candidates: 0, fetch: 4_003 };

/** So much for one row that several threads share it; three of them divide nothing evenly. */
const shared = [
  { what: "one head", shape: wide, form: "exact", lane: wholeSequence },
  { what: "several heads", shape: { ...wide, heads: 4 }, form: "exact", lane: wholeSequence },
  { what: "candidates", shape: wide, form: "exact", lane: manyCandidates },
  {
    what: "survivors, an odd number",
    shape: { ...wide, items: 4_003 },
    form: "rescore-4k",
    lane: manySurvivors,
  },
];

test.each(shared)(
  "several threads cut work otherwise for a batch, and give the same bits: $what",
  async ({ shape, form, lane }) => {
    await using files = await writeVariants(randomWeights(shape, random), [form]);
    const rows = Array.from({ length: 8 }, () => randomRow(lane, shape));
    for (const threads of [2, 3]) {
      const runner = await openRunner(files.graphs[form]!, threads);
      onTestFinished(() => runner.close());
      const alone: string[] = [];
      for (const row of rows) alone.push(...(await resultsOf(runner, [row], shape.items)));
      for (const size of [2, 3, 8]) {
        const batch = await resultsOf(runner, rows.slice(0, size), shape.items);
        expect(batch).toEqual(alone.slice(0, size));
      }
    }
  },
);
