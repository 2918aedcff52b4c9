import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { batchesOf, resultBits } from "../../ranking/graph/batches.fixture.ts";
import type { EncodedRow } from "../encode-rows.ts";
import type { Lane } from "../lane.ts";
import { randomWeights } from "../random-weights.ts";
import type { ColdStartShape } from "../shape.ts";
import { feedsOf, rowOf } from "./feed.fixture.ts";
import { writeVariants, type VariantFiles } from "./variants.fixture.ts";

const random = new Random(7);

// No size is a multiple of what any kernel does at once.
const base: ColdStartShape = {
  items: 1_003,
  dims: 27,
  text: { kind: "grams", buckets: 501, dims: 19 },
  hidden: 51,
  headHidden: 61,
  activation: "gelu",
};

type Sizes = Pick<Lane, "known" | "fresh" | "length" | "candidates">;

const lanes: readonly Sizes[] = [
  { known: 8, fresh: 0, length: 32, candidates: 0 },
  { known: 0, fresh: 8, length: 64, candidates: 0 },
  { known: 2, fresh: 8, length: 32, candidates: 32 },
  { known: 512, fresh: 2, length: 64, candidates: 0 },
];

/** At least one, at most so many, ascending. */
function list(most: number, of: number): number[] {
  return Array.from({ length: 1 + random.below(most) }, () => random.below(of)).sort(
    (a, b) => a - b,
  );
}

/** Any number of tracks that the lane has room for, of either kind. */
function randomRow({ known, fresh, length, candidates }: Sizes, shape: ColdStartShape): EncodedRow {
  const grams = shape.text.kind === "grams" ? shape.text.buckets : 0;
  const row = {
    known: known === 0 ? [] : list(known, shape.items),
    fresh: Array.from({ length: fresh && 1 + random.below(fresh) }, () => ({
      title: list(length, grams),
      artist: random.share() < 0.2 ? [] : list(length, grams),
    })),
  };
  return rowOf(row, shape, {
    ...(candidates > 0 && { candidates: list(candidates, shape.items) }),
    fetch: 16,
    lane: { known, fresh, length, candidates },
  });
}

/** Each row's ids and score bits. */
async function resultsOf(
  runner: GraphRunner,
  rows: readonly EncodedRow[],
  shape: ColdStartShape,
): Promise<string[]> {
  const outputs = await runner.run(feedsOf(rows, shape), unhurried);
  return resultBits(outputs, rows.length);
}

describe.each(["exact", "rescore-4k", "tables", "edge", "compact"])("%s", (form) => {
  let files: VariantFiles;
  let runner: GraphRunner;
  beforeAll(async () => {
    files = await writeVariants(randomWeights(base, random), [form]);
    runner = await openRunner(files.graphs[form]!);
  });
  afterAll(async () => {
    await runner.close();
    await files[Symbol.asyncDispose]();
  });

  test.each(lanes)("has the same bits alone and in any batch, at any place: %o", async (lane) => {
    const rows = Array.from({ length: lane.known > 128 ? 33 : 128 }, () => randomRow(lane, base));
    const alone = new Map<EncodedRow, string>();
    for (const row of rows) alone.set(row, (await resultsOf(runner, [row], base))[0]!);
    for (const size of [2, 3, 32, 128]) {
      for (const batch of batchesOf(rows, size, random))
        expect(await resultsOf(runner, batch, base)).toEqual(batch.map((row) => alone.get(row)));
    }
  });
});

const wide: ColdStartShape = { ...base, dims: 129, hidden: 255, headHidden: 257 };

/** So much for one row that several threads share it; three of them divide nothing evenly. */
const shared: readonly { what: string; shape: ColdStartShape; form: string; lane: Sizes }[] = [
  {
    what: "1,000 known tracks",
    shape: wide,
    form: "exact",
    lane: { known: 1024, fresh: 0, length: 32, candidates: 0 },
  },
  {
    what: "1,000 new tracks",
    shape: wide,
    form: "exact",
    lane: { known: 0, fresh: 1024, length: 64, candidates: 0 },
  },
  {
    what: "both, in int8",
    shape: { ...wide, items: 4_003 },
    form: "edge",
    lane: { known: 512, fresh: 512, length: 32, candidates: 0 },
  },
  {
    what: "many survivors",
    shape: { ...wide, items: 4_003 },
    form: "rescore-4k",
    lane: { known: 8, fresh: 8, length: 64, candidates: 0 },
  },
];

test.each(shared)(
  "several threads cut work otherwise for a batch, and give the same bits: $what",
  async ({ shape, form, lane }) => {
    await using files = await writeVariants(randomWeights(shape, random), [form]);
    const rows = Array.from({ length: 5 }, () => randomRow(lane, shape));
    for (const threads of [2, 3]) {
      const runner = await openRunner(files.graphs[form]!, threads);
      onTestFinished(() => runner.close());
      const alone: string[] = [];
      for (const row of rows) alone.push(...(await resultsOf(runner, [row], shape)));
      for (const size of [2, 3, 5])
        expect(await resultsOf(runner, rows.slice(0, size), shape)).toEqual(alone.slice(0, size));
    }
  },
);
