import { expect, test } from "vitest";
import { Random } from "../../models/random.ts";
import type { RunPlan } from "../run-plan.ts";
import { sampleResult, type Sample as ResultSample } from "../sample-result.fixture.ts";
import { exitCode } from "../verdict/verdict.ts";
import { compareSides, type CompareOptions } from "./compare-sides.ts";
import type { ServerCpu } from "./server-cpu.ts";

const planOf = (name: string) => ({ name, warmUpMs: 0 }) as RunPlan;

interface World {
  /** Latency of b over that of a. */
  readonly slower?: number;
  readonly change?: (name: string, run: number) => ResultSample | undefined;
  readonly options?: Partial<CompareOptions>;
  readonly cpu?: ServerCpu;
}

/** Runs of 2,000 calls whose latency is spread widely, and from run to run by 2%. */
async function compared({ slower = 1, change, options, cpu }: World = {}) {
  const random = new Random(7);
  let runs = 0;
  const order: string[] = [];
  const run: CompareOptions["run"] = async ({ name }, watcher) => {
    order.push(name);
    const factor = (name === "b" ? slower : 1) * (0.98 + 0.04 * random.share());
    const latencies = Array.from({ length: 2_000 }, (_, i) => factor * (5 + (i % 100) / 5));
    watcher?.onProgress?.({ elapsedMs: -1, sent: 0 } as never);
    watcher?.onProgress?.({ elapsedMs: 10, sent: 500 } as never);
    return sampleResult({ name, latencies, ...change?.(name, runs++) });
  };
  const sides = { a: { name: "a", plan: planOf("a") }, b: { name: "b", plan: planOf("b") } };
  const withCpu = cpu ? { a: { ...sides.a, cpu }, b: { ...sides.b, cpu } } : sides;
  const comparison = await compareSides({ ...withCpu, seed: 1, run, ...options });
  return { ...comparison, order, exit: exitCode(comparison) };
}

const invalid = [{ rule: "lag", message: "calls left 9 ms late" }] as const;

test("runs both sides in turns, seven rounds, either first in half of them", async () => {
  const { order, exit, differences } = await compared();
  const rounds = Array.from({ length: 7 }, (_, round) =>
    order.slice(2 * round, 2 * round + 2).join(""),
  );
  expect(order).toHaveLength(14);
  expect(new Set(rounds)).toEqual(new Set(["ab", "ba"]));
  expect(differences.map(({ bIs }) => bIs)).toEqual(["same", "same", "same"]);
  expect(exit).toBe(0);
});

test("worse is a failure, better is none", async () => {
  const worse = await compared({ slower: 1.3 });
  expect(worse.differences.slice(0, 2).map(({ bIs }) => bIs)).toEqual(["worse", "worse"]);
  expect(worse.exit).toBe(1);
  const better = await compared({ slower: 0.7 });
  expect(better.differences.slice(0, 2).map(({ bIs }) => bIs)).toEqual(["better", "better"]);
  expect(better.exit).toBe(0);
});

test("a round with an invalid run is run again, in the same order; too many end as invalid", async () => {
  const once = await compared({ change: (_, run) => (run === 3 ? { invalid } : undefined) });
  expect(once.order).toHaveLength(16);
  expect(once.order.slice(14)).toEqual(once.order.slice(2, 4));
  expect(once.exit).toBe(0);
  const always = await compared({ change: (name) => (name === "b" ? { invalid } : undefined) });
  expect(always.order).toHaveLength(28);
  expect(always).toMatchObject({ exit: 2, differences: [] });
  expect(always.reasons[0]).toContain(
    "0 rounds were valid, 5 are needed; the others were invalid, the last one because calls left",
  );
});

test("fewer rounds than five are never enough", async () => {
  expect((await compared({ options: { rounds: 2 } })).order).toHaveLength(10);
});

test("interrupted, it is invalid though five rounds are known, and tells them", async () => {
  const ended = { by: "interrupt", because: "it was interrupted after 3 s of 10 s" } as const;
  const partial = await compared({ change: (_, run) => (run === 12 ? { ended } : undefined) });
  expect(partial.order).toHaveLength(13);
  expect(partial).toMatchObject({ exit: 2, reasons: [ended.because] });
  expect(partial.differences).toHaveLength(3);
});

test("failing more is worse, however fast", async () => {
  const { exit, reasons, notes } = await compared({
    change: (name) => (name === "b" ? { counts: { failed: 60 } } : undefined),
  });
  expect(exit).toBe(1);
  expect(reasons).toEqual(["in every round more calls failed in b than in a"]);
  expect(notes).toContain("0% of the calls failed in a, 2.91% in b: latency is that of the others");
});

test("CPU per call is what a run spent after warming up; where it is not known, that is said", async () => {
  let spentMs = 0;
  const { differences, notes } = await compared({ cpu: { readMs: async () => (spentMs += 120) } });
  // 120 ms for 2,000 calls but the 500 that had left.
  expect(differences.at(-1)).toMatchObject({ a: expect.closeTo(80, 6), bIs: "same" });
  expect(notes).toEqual([]);
  const without = await compared();
  expect(without.notes).toEqual([
    "CPU per call of a was not measured: no metrics page and no process of the server was named",
    "CPU per call of b was not measured: no metrics page and no process of the server was named",
  ]);
  const broken = await compared({
    cpu: { readMs: () => Promise.reject(new Error("http://x/metrics cannot be read: refused")) },
  });
  expect(broken.notes[0]).toBe(
    "CPU per call of a was not measured: http://x/metrics cannot be read: refused",
  );
});
