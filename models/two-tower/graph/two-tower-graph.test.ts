import { expect, onTestFinished, test } from "vitest";
import { Random } from "../../random.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import type { GraphRunner } from "../../exporting/graph-runner.ts";
import { encodeRows } from "../encode-rows.ts";
import { laneFor } from "../lane.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { randomWeights } from "../random-weights.ts";
import type { TwoTowerWeights } from "../weights.ts";
import { variantNames, writeVariants } from "./variants.fixture.ts";

const weights = randomWeights({ users: 50, items: 700, dims: 24 }, new Random(1));
const { items, dims } = weights;
/** Ten items thrice: they tie with each other for everybody. */
for (const copy of [300, 690]) {
  weights.itemVectors.copyWithin(copy * dims, 0, 10 * dims);
}

async function openVariant(name: string): Promise<GraphRunner> {
  const files = await writeVariants(weights);
  onTestFinished(() => files[Symbol.asyncDispose]());
  const runner = await openRunner(files.graphs[name]!);
  onTestFinished(() => runner.close());
  return runner;
}

interface Asked {
  readonly user?: number;
  readonly history?: readonly number[];
  readonly candidates?: readonly number[];
  readonly k: number;
}

/** One row, ranked by the graph; padded as in service. */
async function rank(runner: GraphRunner, { user = -1, history = [], candidates, k }: Asked) {
  const lane = laneFor({
    historyLength: history.length,
    candidateCount: candidates?.length ?? 0,
    wanted: k,
    itemCount: items,
  });
  const shape = { ...lane, fetch: k };
  const row = {
    user,
    shape,
    history: Int32Array.from(history),
    candidates: candidates && Int32Array.from(candidates),
  };
  const { ids, scores } = await runner.run(encodeRows([row], items), unhurried);
  return {
    ids: [...(ids!.data as Int32Array)],
    scores: [...(scores!.data as Float32Array)],
    dims: ids!.dims,
  };
}

function rowOf(vectors: Float32Array, index: number): Float32Array {
  return vectors.subarray(index * dims, (index + 1) * dims);
}

function meanOf(history: readonly number[]): Float32Array {
  const mean = new Float32Array(dims);
  for (const item of history) {
    rowOf(weights.itemVectors, item).forEach(
      (value, dim) => (mean[dim]! += value / history.length),
    );
  }
  return mean;
}

/** What the graph must say, in plain arithmetic: the lower item first among equals. */
function expected(
  { itemVectors }: TwoTowerWeights,
  vector: Float32Array,
  among = [...Array(items).keys()],
) {
  const scored = among.map((id) => {
    const score = rowOf(itemVectors, id).reduce((sum, value, dim) => sum + value * vector[dim]!, 0);
    return { id, score };
  });
  return scored.sort((a, b) => b.score - a.score || a.id - b.id);
}

function expectRanking(
  found: { ids: number[]; scores: number[] },
  wanted: ReturnType<typeof expected>,
  k: number,
) {
  expect(found.ids).toEqual(wanted.slice(0, k).map(({ id }) => id));
  found.scores.forEach((score, i) => expect(score).toBeCloseTo(wanted[i]!.score, 4));
}

test.each(variantNames)(
  "%s ranks the catalogue for a known user, whatever the history",
  async (name) => {
    const runner = await openVariant(name);
    for (const user of [0, 7, 49]) {
      const found = await rank(runner, { user, history: [3, 5], k: 12 });
      expectRanking(found, expected(weights, rowOf(weights.userVectors, user)), 12);
    }
  },
);

test.each(variantNames)(
  "%s ranks the catalogue for an unknown user by the history's mean",
  async (name) => {
    const runner = await openVariant(name);
    for (const history of [[17], [3, 690, 3, 5, 250]]) {
      expectRanking(await rank(runner, { history, k: 12 }), expected(weights, meanOf(history)), 12);
    }
  },
);

test.each(variantNames)("%s ranks candidates only, and marks what is padding", async (name) => {
  const runner = await openVariant(name);
  const candidates = [4, 99, 304, 500, 694];
  const wanted = expected(weights, rowOf(weights.userVectors, 9), candidates);
  const found = await rank(runner, { user: 9, candidates, k: 7 });
  expectRanking({ ids: found.ids.slice(0, 5), scores: found.scores.slice(0, 5) }, wanted, 5);
  expect(found.ids.slice(5)).toEqual([-1, -1]);
  expect(found.scores.slice(5)).toEqual([-Infinity, -Infinity]);
});

test.each(variantNames)("%s gives as many results as there are, at most", async (name) => {
  const runner = await openVariant(name);
  expect((await rank(runner, { user: 1, k: 10_000 })).dims).toEqual([1, items]);
  expect((await rank(runner, { user: 1, candidates: [1, 2], k: 100 })).dims).toEqual([1, 16]);
  const all = await rank(runner, { user: 1, k: items });
  expect(all.ids.toSorted((a, b) => a - b)).toEqual([...Array(items).keys()]);
});

test.each(variantNames)("%s puts the lower item first among equals", async (name) => {
  const runner = await openVariant(name);
  for (const item of [0, 4, 9]) {
    const { ids } = await rank(runner, { history: [item], k: 3 });
    expect(ids).toEqual([item, 300 + item, 690 + item]);
    // Everything ties with everything for somebody without a vector.
    const nobody = await rank(runner, { k: 5 });
    expect(nobody.ids).toEqual([0, 1, 2, 3, 4]);
  }
});

test("an index that no table has is an error, not a neighbour's vector", async () => {
  const runner = await openVariant("fp32");
  await expect(rank(runner, { user: 51, k: 3 })).rejects.toThrow(
    "indices element out of data bounds",
  );
  await expect(rank(runner, { history: [items + 1], k: 3 })).rejects.toThrow("out of data bounds");
  await expect(rank(runner, { user: 1, candidates: [items + 1], k: 3 })).rejects.toThrow(
    "out of data bounds",
  );
});
