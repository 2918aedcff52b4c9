import { expect, onTestFinished, test } from "vitest";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { encodeRows } from "../encode-rows.ts";
import { randomWeights } from "../random-weights.ts";
import type { SequenceShape } from "../shape.ts";
import type { SequenceWeights } from "../weights.ts";
import { referenceScores, type Asked } from "./reference.fixture.ts";
import { headForms, otherForms, writeVariants } from "./variants.fixture.ts";

const ssePt: SequenceShape = {
  items: 130,
  users: 20,
  itemDims: 12,
  userDims: 8,
  maxLength: 24,
  blocks: 2,
  heads: 1,
  hidden: 28,
  activation: "relu",
  layerNormEpsilon: 1e-8,
  embeddingScale: Math.sqrt(20),
};

const architectures: readonly (readonly [string, SequenceShape])[] = [
  ["item and user, one head", ssePt],
  ["several heads", { ...ssePt, heads: 4, blocks: 3 }],
  ["no users (SASRec), GELU", { ...ssePt, users: 0, userDims: 0, heads: 2, activation: "gelu" }],
  ["one block, no scale", { ...ssePt, blocks: 1, embeddingScale: 1, layerNormEpsilon: 1e-5 }],
];

const asked: readonly Asked[] = [
  { user: 3, sequence: [5] },
  { user: 19, sequence: [7, 7, 129, 0, 7] },
  { user: -1, sequence: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
  { user: 0, sequence: Array.from({ length: 24 }, (_, i) => (i * 31) % 130) },
];

async function open(weights: SequenceWeights, form: string): Promise<GraphRunner> {
  const files = await writeVariants(weights, [form]);
  onTestFinished(() => files[Symbol.asyncDispose]());
  const runner = await openRunner(files.graphs[form]!);
  onTestFinished(() => runner.close());
  return runner;
}

interface Wanted {
  readonly length?: number;
  readonly candidates?: readonly number[];
  readonly fetch: number;
}

async function rank(runner: GraphRunner, { user, sequence }: Asked, wanted: Wanted) {
  const { length = 24, candidates, fetch } = wanted;
  const row = {
    user,
    sequence: Int32Array.from(sequence),
    shape: { length, candidates: candidates ? 16 : 0, fetch },
    candidates: candidates && Int32Array.from(candidates),
  };
  const feeds = encodeRows([row], { padding: "left", itemCount: 130 });
  const { ids, scores } = await runner.run(feeds, unhurried);
  return { ids: [...(ids!.data as Int32Array)], scores: [...(scores!.data as Float32Array)] };
}

function ranked(scores: readonly number[]): number[] {
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
}

test.each(architectures)("scores as the network is defined: %s", async (_, shape) => {
  const weights = randomWeights(shape, new Random(1));
  const runner = await open(weights, "exact");
  for (const one of asked) {
    const expected = referenceScores(weights, one);
    const { ids, scores } = await rank(runner, one, { fetch: 20 });
    expect(ids).toEqual(ranked(expected).slice(0, 20));
    ids.forEach((item, i) => expect(scores[i]).toBeCloseTo(expected[item]!, 4));
  }
});

test.each(headForms)("%s gives what fp32 gives, up to its users in int8", async (form) => {
  const weights = randomWeights(ssePt, new Random(1));
  const [exact, runner] = [await open(weights, "exact"), await open(weights, form)];
  for (const one of asked) {
    const expected = await rank(exact, one, { fetch: 130 });
    const found = await rank(runner, one, { fetch: 130 });
    expect(new Set(found.ids)).toEqual(new Set(expected.ids));
    found.ids.forEach((item, i) =>
      expect(
        Math.abs(found.scores[i]! - expected.scores[expected.ids.indexOf(item)]!),
      ).toBeLessThan(0.05),
    );
  }
});

test.each(otherForms)("%s is close to fp32", async (form) => {
  const weights = randomWeights(ssePt, new Random(1));
  const runner = await open(weights, form);
  const isMean = form === "edge";
  for (const one of asked) {
    const expected = referenceScores(weights, isMean ? { ...one, user: -1 } : one);
    const { ids, scores } = await rank(runner, one, { fetch: 20 });
    ids.forEach((item, i) => expect(Math.abs(scores[i]! - expected[item]!)).toBeLessThan(0.05));
    const best = new Set(ranked(expected).slice(0, 20));
    expect(ids.filter((item) => best.has(item)).length).toBeGreaterThanOrEqual(17);
  }
});

test.each(["exact", ...headForms, ...otherForms])(
  "%s scores candidates as it scores the catalogue",
  async (form) => {
    const weights = randomWeights(ssePt, new Random(1));
    const runner = await open(weights, form);
    const candidates = [0, 5, 17, 64, 101, 129];
    for (const one of asked) {
      const all = await rank(runner, one, { fetch: 130 });
      const { ids, scores } = await rank(runner, one, { candidates, fetch: 10 });
      expect(ids.slice(6)).toEqual([-1, -1, -1, -1]);
      expect(ids.slice(0, 6)).toEqual(all.ids.filter((item) => candidates.includes(item)));
      ids
        .slice(0, 6)
        .forEach((item, i) => expect(scores[i]).toBeCloseTo(all.scores[all.ids.indexOf(item)]!, 4));
    }
  },
);

test("of equal scores the lower item comes first", async () => {
  const weights = randomWeights(ssePt, new Random(1));
  weights.itemVectors.copyWithin(100 * 12, 0, 10 * 12);
  for (const form of ["exact", "rescore-4k", "edge"]) {
    const { ids } = await rank(await open(weights, form), asked[1]!, { fetch: 130 });
    for (let item = 0; item < 10; item++)
      expect(ids.indexOf(item + 100)).toBe(ids.indexOf(item) + 1);
  }
});

test("padding changes nothing but the last bits", async () => {
  const weights = randomWeights(ssePt, new Random(1));
  const runner = await open(weights, "exact");
  for (const length of [5, 8, 16]) {
    const padded = await rank(runner, asked[1]!, { fetch: 20 });
    const { ids, scores } = await rank(runner, asked[1]!, { length, fetch: 20 });
    expect(ids).toEqual(padded.ids);
    scores.forEach((score, i) => expect(score).toBeCloseTo(padded.scores[i]!, 4));
  }
});

test("an index that no table has is an error, not a neighbour's vector", async () => {
  const runner = await open(randomWeights(ssePt, new Random(1)), "exact");
  const wrong: readonly Asked[] = [
    { user: 21, sequence: [1] },
    { user: 1, sequence: [131] },
  ];
  for (const one of wrong)
    await expect(rank(runner, one, { fetch: 3 })).rejects.toThrow("out of data bounds");
});
