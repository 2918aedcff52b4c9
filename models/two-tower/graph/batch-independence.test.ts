import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Random } from "../../random.ts";
import { batchesOf, resultBits } from "../../ranking/graph/batches.fixture.ts";
import { encodeRows } from "../encode-rows.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import type { GraphRunner } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { randomWeights } from "../random-weights.ts";
import type { TwoTowerRow } from "../row.ts";
import { variantNames, writeVariants } from "./variants.fixture.ts";
import type { VariantFiles } from "./variants.fixture.ts";

type EncodedRow = Pick<TwoTowerRow, "user" | "shape" | "history" | "candidates">;

const random = new Random(7);
// Neither is a multiple of what any kernel does at once.
const weights = randomWeights({ users: 60, items: 2_003, dims: 100 }, random);

const shapes = [0, 16, 48, 128].flatMap((history) =>
  [0, 16, 80, 256].flatMap((candidates) =>
    [10, 16].map((fetch) => ({ history, candidates, fetch })),
  ),
);

/** So much for one row that several threads share it; three of them divide nothing evenly. */
const shared = [
  { history: 0, candidates: 2_048, fetch: 2_048 },
  { history: 2_048, candidates: 0, fetch: weights.items },
];

/** Lists up to the padded length, some empty, known and unknown users mixed. */
function randomRow(shape: EncodedRow["shape"]): EncodedRow {
  const list = (padded: number) =>
    Int32Array.from({ length: random.below(padded + 1) }, () => random.below(weights.items));
  return {
    user: shape.history === 0 || random.share() < 0.3 ? random.below(weights.users) : -1,
    shape,
    history: list(shape.history),
    candidates: shape.candidates === 0 ? undefined : list(shape.candidates).sort(),
  };
}

/** Each row's ids and score bits. */
async function resultsOf(runner: GraphRunner, rows: readonly EncodedRow[]): Promise<string[]> {
  const outputs = await runner.run(encodeRows(rows, weights.items), unhurried);
  return resultBits(outputs, rows.length);
}

let files: VariantFiles;
beforeAll(async () => {
  files = await writeVariants(weights);
});
afterAll(() => files[Symbol.asyncDispose]());

describe.each(variantNames)("%s", (variant) => {
  let runner: GraphRunner;
  beforeAll(async () => {
    runner = await openRunner(files.graphs[variant]!);
  });
  afterAll(() => runner.close());

  test.each(shapes)("has the same bits alone and in any batch, at any place: %o", async (shape) => {
    const rows = Array.from({ length: 128 }, () => randomRow(shape));
    const alone = new Map<EncodedRow, string>();
    for (const row of rows) alone.set(row, (await resultsOf(runner, [row]))[0]!);
    for (const size of [2, 3, 32, 128]) {
      for (const batch of batchesOf(rows, size, random)) {
        expect(await resultsOf(runner, batch)).toEqual(batch.map((row) => alone.get(row)));
      }
    }
  });

  test.each(shared)(
    "has the same bits where three threads share the work for one row: %o",
    async (shape) => {
      const threaded = await openRunner(files.graphs[variant]!, 3);
      onTestFinished(() => threaded.close());
      const rows = Array.from({ length: 8 }, () => randomRow(shape));
      const alone: string[] = [];
      for (const row of rows) alone.push(...(await resultsOf(threaded, [row])));
      for (const size of [2, 3, 8])
        expect(await resultsOf(threaded, rows.slice(0, size))).toEqual(alone.slice(0, size));
    },
  );
});
