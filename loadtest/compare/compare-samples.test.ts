import { expect, test } from "vitest";
import { Random } from "../../models/random.ts";
import { compareSamples, leastRounds, type Pair } from "./compare-samples.ts";
import { metrics, type Sample } from "./metrics.ts";

const usual: Sample = {
  p50Ms: 6,
  p99Ms: 20,
  throughput: 1_000,
  cpuUsPerCall: 80,
  failedShare: 0,
};

/** A run whose metrics vary from run to run by so much, each by itself. */
function noisy(random: Random, variation: number, factors: Partial<Sample> = {}): Sample {
  const draw = (name: keyof Sample) =>
    usual[name]! * (factors[name] ?? 1) * Math.exp(variation * normal(random));
  return {
    p50Ms: draw("p50Ms"),
    p99Ms: draw("p99Ms"),
    throughput: draw("throughput"),
    cpuUsPerCall: draw("cpuUsPerCall"),
    failedShare: 0,
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
}

interface Simulation {
  readonly seed: number;
  readonly rounds?: number;
  readonly variation?: number;
  readonly factors?: Partial<Sample>;
  /** By how much all gets slower from one run to the next. */
  readonly drift?: number;
}

/** Names of the metrics in which each of 200 comparisons saw a difference. */
function simulate({
  seed,
  rounds = leastRounds,
  variation = 0.03,
  factors,
  drift = 0,
}: Simulation) {
  const random = new Random(seed);
  return Array.from({ length: 200 }, () => {
    const pairs = Array.from({ length: rounds }, (_, round): Pair => {
      const later = Math.exp(drift * (2 * round + 1));
      const now = Math.exp(drift * 2 * round);
      const aFirst = random.share() < 0.5;
      const a = noisy(random, variation, { p99Ms: aFirst ? now : later });
      const p99Ms = (aFirst ? later : now) * (factors?.p99Ms ?? 1);
      return { a, b: noisy(random, variation, { ...factors, p99Ms }) };
    });
    const differences = compareSamples(pairs).filter(({ bIs }) => bIs !== "same");
    return differences.map(({ metric, bIs }) => `${metric.name} ${bIs}`);
  });
}

test("A/A: of 200 comparisons with 3% variation at most 16 alarms, in all metrics together", () => {
  for (const rounds of [leastRounds, 7]) {
    for (const seed of [1, 2, 3]) {
      expect(simulate({ seed, rounds }).flat().length).toBeLessThanOrEqual(16);
    }
  }
});

test("a true 10% regression of p99 is found in at least 80% of 200 comparisons, by 5 rounds", () => {
  for (const seed of [1, 2, 3]) {
    const found = simulate({ seed, factors: { p99Ms: 1.1 } });
    expect(found.filter((names) => names.includes("p99 worse")).length).toBeGreaterThanOrEqual(160);
  }
});

test("seven rounds find a tenth in any metric, and say which way", () => {
  expect(foundShare({ p50Ms: 1.1 }, "p50 worse")).toBeGreaterThan(0.8);
  expect(foundShare({ throughput: 0.9 }, "throughput worse")).toBeGreaterThan(0.8);
  expect(foundShare({ cpuUsPerCall: 0.9 }, "server CPU per call better")).toBeGreaterThan(0.8);
});

function foundShare(factors: Partial<Sample>, name: string): number {
  const found = simulate({ seed: 4, rounds: 7, factors });
  return found.filter((names) => names.includes(name)).length / found.length;
}

test("a drift that is the same for all runs is no difference, and hides none", () => {
  const drift = 0.02;
  expect(simulate({ seed: 5, rounds: 7, drift }).flat().length).toBeLessThanOrEqual(16);
  const found = simulate({ seed: 5, rounds: 7, drift, factors: { p99Ms: 1.1 } });
  expect(found.filter((names) => names.includes("p99 worse")).length).toBeGreaterThanOrEqual(160);
});

test("intervals of all metrics hold the truth together, 19 times of 20", () => {
  const random = new Random(6);
  const held = Array.from({ length: 400 }, () => {
    const pairs = Array.from({ length: 7 }, () => ({
      a: noisy(random, 0.05),
      b: noisy(random, 0.05, { p99Ms: 1.2, p50Ms: 0.9 }),
    }));
    const truth: Record<string, number> = { p50: 0.9, p99: 1.2 };
    return compareSamples(pairs).every(({ metric, low, high }) => {
      const ratio = truth[metric.name] ?? 1;
      return low <= ratio && ratio <= high;
    });
  });
  const share = held.filter(Boolean).length / 400;
  expect(share).toBeGreaterThan(0.92);
  expect(share).toBeLessThan(0.99);
});

/** Of five rounds that were all alike. */
function seen(a: Partial<Sample>, b: Partial<Sample>) {
  const pair = { a: { ...usual, ...a }, b: { ...usual, ...b } };
  return compareSamples([pair, pair, pair, pair, pair]).map(({ bIs }) => bIs);
}

test("what is sure but small does not count, by share nor by amount", () => {
  expect(seen({}, {})).toEqual(["same", "same", "same", "same"]);
  expect(seen({}, { p99Ms: 20.7 })).toEqual(["same", "same", "same", "same"]);
  expect(seen({}, { p99Ms: 20.9 })).toEqual(["same", "worse", "same", "same"]);
  expect(seen({ p50Ms: 0.05 }, { p50Ms: 0.06 })).toEqual(["same", "same", "same", "same"]);
  expect(seen({}, { throughput: 1_100 })).toEqual(["same", "same", "better", "same"]);
});

test("fewer than five rounds say nothing, and what was not measured is left out", () => {
  const pair: Pair = { a: usual, b: { ...usual, p99Ms: 40 } };
  expect(compareSamples([pair, pair, pair, pair])).toEqual([]);
  const { cpuUsPerCall: _, ...withoutCpu } = usual;
  const names = compareSamples([pair, pair, pair, pair, { a: usual, b: withoutCpu }]).map(
    ({ metric }) => metric.name,
  );
  expect(names).toEqual(metrics.map(({ name }) => name).slice(0, 3));
});
