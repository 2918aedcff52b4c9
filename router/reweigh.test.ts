import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Code } from "../proto/serving-error.ts";
import { bucketCount } from "./bucket.ts";
import { checkDistribution } from "./parse-distribution.ts";
import type { Arm, Distribution } from "./distribution.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { reweigh } from "./reweigh.ts";

/** The arm of every bucket. */
function owners(arms: readonly Arm[]): string[] {
  const result = Array.from({ length: bucketCount }, () => "none");
  for (const { name, ranges } of arms)
    for (const [start, end] of ranges) result.fill(name, start, end);
  return result;
}

function moved(from: readonly string[], to: readonly string[]): number {
  return from.filter((arm, bucket) => arm !== to[bucket]).length;
}

/** Cuts the 10,000 basis points at random places. */
const weightsOf = (names: readonly string[]) =>
  fc
    .array(fc.integer({ min: 0, max: bucketCount }), {
      minLength: names.length - 1,
      maxLength: names.length - 1,
    })
    .map((cuts) => {
      const borders = [0, ...cuts.toSorted((a, b) => a - b), bucketCount];
      return Object.fromEntries(names.map((name, i) => [name, borders[i + 1]! - borders[i]!]));
    });

const names = ["stable", "canary", "blue", "green"];
const armCounts = fc.integer({ min: 2, max: names.length });

test("moves exactly as many buckets as the growing arms gain, in any sequence", () => {
  const sequences = armCounts.chain((count) =>
    fc.array(weightsOf(names.slice(0, count)), { minLength: 2, maxLength: 12 }),
  );
  fc.assert(
    fc.property(sequences, ([first, ...steps]) => {
      let document: Distribution = distributionOf(first!);
      for (const weights of steps) {
        const arms = reweigh(document, weights);
        const gains = arms.map((arm, i) => Math.max(0, arm.weight - document.arms[i]!.weight));
        expect(moved(owners(document.arms), owners(arms))).toBe(gains.reduce((a, b) => a + b, 0));
        document = checkDistribution({ ...document, arms });
      }
    }),
    { numRuns: 60 },
  );
});

test("moves buckets only from arms that shrink to arms that grow", () => {
  const pairs = armCounts.chain((count) =>
    fc.tuple(...[0, 1].map(() => weightsOf(names.slice(0, count)))),
  );
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      const document = distributionOf(before!);
      const to = owners(reweigh(document, after!));
      const moves = owners(document.arms).map((from, bucket) => [from, to[bucket]!] as const);
      const gain = (name: string) => after![name]! - before![name]!;
      const wrong = moves.filter(([from, to]) => from !== to && (gain(from) >= 0 || gain(to) <= 0));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("a canary of some weight has the same users, however it came to that weight", () => {
  const steps = fc.array(fc.integer({ min: 0, max: bucketCount }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (canaries) => {
      let arms = distributionOf({ stable: bucketCount, canary: 0 }).arms;
      for (const canary of canaries)
        arms = reweigh({ arms }, { canary, stable: bucketCount - canary });
      const canary = canaries.at(-1)!;
      expect(arms).toEqual(distributionOf({ stable: bucketCount - canary, canary }).arms);
    }),
  );
});

test("an arm that is not named keeps its buckets", () => {
  const document = distributionOf({ stable: 9_000, canary: 500, blue: 500 });
  const arms = reweigh(document, { stable: 8_500, canary: 1_000 });
  expect(arms[2]).toEqual(document.arms[2]);
});

test("refuses weights that are none, telling all that is wrong", () => {
  const document = distributionOf({ stable: 9_000, canary: 1_000 });
  const change = () => reweigh(document, { canary: 1.5, constructor: 5 });
  expect(change).toThrow(expect.objectContaining({ code: Code.INVALID_ARGUMENT }));
  expect(change).toThrow("canary: must be a whole number from 0 to 10000, got 1.5");
  expect(change).toThrow("constructor: there is no such arm; there are stable, canary");
  expect(change).toThrow("the weights sum to 9001.5; they must sum to 10000");
});
