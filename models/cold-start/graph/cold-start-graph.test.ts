import { expect, onTestFinished, test } from "vitest";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { Random } from "../../random.ts";
import { randomWeights } from "../random-weights.ts";
import type { ColdStartShape } from "../shape.ts";
import type { ColdStartWeights } from "../weights.ts";
import { feedsOf, rowOf, type Wanted } from "./feed.fixture.ts";
import { referenceScores, type Asked, type Names } from "./reference.fixture.ts";
import { headForms, otherForms, writeVariants } from "./variants.fixture.ts";

const base: ColdStartShape = {
  items: 130,
  dims: 12,
  text: { kind: "grams", buckets: 90, dims: 8 },
  hidden: 20,
  headHidden: 28,
  activation: "gelu",
};

const architectures: readonly (readonly [string, ColdStartShape])[] = [
  ["GELU", base],
  [
    "ReLU, odd sizes",
    {
      ...base,
      dims: 13,
      text: { kind: "grams", buckets: 90, dims: 7 },
      activation: "relu",
      hidden: 9,
    },
  ],
  ["linear layers", { ...base, headHidden: 5, activation: "none" }],
];

const random = new Random(3);

function names(titleGrams: number, artistGrams: number): Names {
  return { title: list(titleGrams), artist: list(artistGrams) };
}

function list(count: number): number[] {
  return Array.from({ length: count }, () => random.below(90)).sort((a, b) => a - b);
}

const five = [names(40, 22), names(3, 0), names(0, 1), names(64, 64), names(64, 12)];
const thousand = Array.from({ length: 1000 }, (_, i) => names(1 + (i % 64), i % 30));

const asked: Readonly<Record<string, Asked>> = {
  "one known": { known: [7], fresh: [] },
  "known, one of them three times": { known: [0, 5, 5, 5, 129], fresh: [] },
  "one new": { known: [], fresh: [names(9, 4)] },
  "all new": { known: [], fresh: five },
  both: { known: [3, 17, 88], fresh: five },
  "1,000 known": {
    known: Array.from({ length: 1000 }, (_, i) => (i * 13) % 130).sort((a, b) => a - b),
    fresh: [],
  },
  "1,000 new": { known: [], fresh: thousand },
};

const weights = randomWeights(base, new Random(1));
/** Of `weights`: computed once, a thousand names take their time. */
const expectedOf = new Map(
  Object.values(asked).map((one) => [one, referenceScores(weights, one)] as const),
);

async function open(of: ColdStartWeights, form: string): Promise<GraphRunner> {
  const files = await writeVariants(of, [form]);
  onTestFinished(() => files[Symbol.asyncDispose]());
  const runner = await openRunner(files.graphs[form]!);
  onTestFinished(() => runner.close());
  return runner;
}

interface Question extends Wanted {
  /** Default `base`. */
  readonly shape?: ColdStartShape;
}

async function rank(runner: GraphRunner, one: Asked, { shape = base, ...wanted }: Question) {
  const { ids, scores } = await runner.run(feedsOf([rowOf(one, shape, wanted)], shape), unhurried);
  return { ids: [...(ids!.data as Int32Array)], scores: [...(scores!.data as Float32Array)] };
}

function ranked(scores: readonly number[]): number[] {
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
}

test.each(architectures)("scores as the network is defined: %s", async (_, shape) => {
  const own = randomWeights(shape, new Random(1));
  const runner = await open(own, "exact");
  for (const one of Object.values(asked)) {
    const expected = referenceScores(own, one);
    const { ids, scores } = await rank(runner, one, { fetch: 20, shape });
    expect(ids).toEqual(ranked(expected).slice(0, 20));
    ids.forEach((item, i) => expect(scores[i]).toBeCloseTo(expected[item]!, 4));
  }
});

test.each(headForms)("%s finds what fp32 finds", async (form) => {
  const runner = await open(weights, form);
  for (const [one, expected] of expectedOf) {
    const { ids, scores } = await rank(runner, one, { fetch: 130 });
    expect(new Set(ids).size).toBe(130);
    ids.forEach((item, i) => expect(Math.abs(scores[i]! - expected[item]!)).toBeLessThan(0.05));
  }
});

test.each(otherForms)("%s is close to fp32", async (form) => {
  const runner = await open(weights, form);
  for (const [one, expected] of expectedOf) {
    const { ids, scores } = await rank(runner, one, { fetch: 20 });
    ids.forEach((item, i) => expect(Math.abs(scores[i]! - expected[item]!)).toBeLessThan(0.1));
    const best = new Set(ranked(expected).slice(0, 20));
    expect(ids.filter((item) => best.has(item)).length).toBeGreaterThanOrEqual(18);
  }
});

test.each(["exact", ...headForms, ...otherForms])(
  "%s scores candidates as it scores the catalogue",
  async (form) => {
    const runner = await open(weights, form);
    // 15 bits of a vector are not all of it.
    const digits = form === "compact" ? 3 : 4;
    const candidates = [0, 5, 17, 64, 101, 129];
    for (const one of Object.values(asked)) {
      const all = await rank(runner, one, { fetch: 130 });
      const { ids, scores } = await rank(runner, one, { candidates, fetch: 10 });
      expect(ids.slice(6)).toEqual([-1, -1, -1, -1]);
      expect(ids.slice(0, 6)).toEqual(all.ids.filter((item) => candidates.includes(item)));
      ids
        .slice(0, 6)
        .forEach((item, i) =>
          expect(scores[i]).toBeCloseTo(all.scores[all.ids.indexOf(item)]!, digits),
        );
    }
  },
);

test("of equal scores the lower item comes first", async () => {
  const twins = randomWeights(base, new Random(1));
  twins.itemVectors.copyWithin(100 * 12, 0, 10 * 12);
  for (const form of ["exact", "rescore-4k", "edge", "compact", "half"]) {
    const { ids } = await rank(await open(twins, form), asked["both"]!, { fetch: 130 });
    for (let item = 0; item < 10; item++)
      expect(ids.indexOf(item + 100)).toBe(ids.indexOf(item) + 1);
  }
});

test("padding changes nothing but the last bits", async () => {
  const runner = await open(weights, "exact");
  for (const lane of [{ known: 128 }, { known: 1024 }, { fresh: 256 }, { length: 128 }]) {
    const own = await rank(runner, asked["both"]!, { fetch: 20 });
    const { ids, scores } = await rank(runner, asked["both"]!, { fetch: 20, lane });
    expect(ids).toEqual(own.ids);
    scores.forEach((score, i) => expect(score).toBeCloseTo(own.scores[i]!, 4));
  }
});

test("rows beside each other that have no known tracks, no new ones, or none at all are whole", async () => {
  const none: Asked = { known: [], fresh: [] };
  for (const form of ["exact", "rescore-4k", "edge", "compact", "half"]) {
    const runner = await open(weights, form);
    for (const of of [asked["all new"]!, asked["one known"]!, none]) {
      const row = rowOf(of, base, { fetch: 20 });
      const { ids, scores } = await runner.run(feedsOf([row, row, row], base), unhurried);
      const rows = [0, 1, 2].map((i) => ({
        ids: ids!.data.slice(20 * i, 20 * (i + 1)),
        scores: scores!.data.slice(20 * i, 20 * (i + 1)),
      }));
      expect([...(rows[0]!.scores as Float32Array)].filter(Number.isNaN)).toEqual([]);
      expect(rows).toEqual([rows[0], rows[0], rows[0]]);
    }
  }
});

test.each<readonly [string, Asked]>([
  ["item", { known: [131], fresh: [] }],
  ["gram", { known: [], fresh: [{ title: [91], artist: [] }] }],
])("an index that no table has is an error, not a neighbour's vector: %s", async (_, wrong) => {
  const runner = await open(weights, "exact");
  await expect(rank(runner, wrong, { fetch: 3 })).rejects.toThrow("out of data bounds");
});
