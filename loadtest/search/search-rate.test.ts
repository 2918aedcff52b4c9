import { expect, test } from "vitest";
import type { RunPlan } from "../run-plan.ts";
import { histogramOf, sampleResult, type Sample } from "../sample-result.fixture.ts";
import { judge } from "../verdict/judge.ts";
import { exitCode } from "../verdict/verdict.ts";
import { parseSlo } from "../verdict/parse-slo.ts";
import { describeFound, judgeSearch } from "./judge-search.ts";
import { observe } from "./observe.ts";
import { searchRate, type RateSearchOptions } from "./search-rate.ts";
import { virtualRuns, type VirtualServer } from "./virtual-server.fixture.ts";

const plan: RunPlan = {
  name: "search",
  targets: ["virtual"],
  workload: {
    name: "none",
    call: { transport: "grpc", path: "/a/B" },
    requests: [],
    metadata: {},
    replies: "opaque",
  },
  schedule: { kind: "poisson", perSecond: 1, forMs: 1 },
  seed: 1,
  warmUpMs: 2_000,
  connections: 1,
  streamsPerConnection: 1,
  deadlineMs: 60_000,
  workers: 1,
};

const even: RunPlan = { ...plan, schedule: { kind: "constant", perSecond: 1, forMs: 1 } };

function sloOf(text: string) {
  const parsed = parseSlo(text, "slo.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
  return parsed.slo;
}

interface Case extends VirtualServer, Partial<Omit<RateSearchOptions, "slo">> {
  readonly slo: string;
  readonly seed: number;
}

async function search({ slo, seed, ...options }: Case) {
  const run = virtualRuns(options, seed);
  const found = await searchRate({ plan, slo: sloOf(slo), run, ...options });
  return { ...found, verdict: judgeSearch(sloOf(slo), found) };
}

const exponential = (meanMs: number): VirtualServer["serviceMs"] => {
  return (random) => -meanMs * Math.log(1 - random.share());
};

test("finds what an M/M/1 queue sustains, within 3%", async () => {
  // Its p99 is ln(100) / (1,000/s - rate).
  const truth = 1_000 - Math.log(100) / 0.05;
  const errors: number[] = [];
  for (let seed = 1; seed <= 10; seed++) {
    const { found } = await search({ seed, slo: "p99: 50ms", serviceMs: exponential(1) });
    expect(found!.limitedBy).toBe("server");
    errors.push(found!.perSecond / truth - 1);
  }
  const near = errors.filter((error) => Math.abs(error) < 0.03);
  // Of 100 seeds it is 98: what the queue did in three windows may be luck.
  expect(near.length).toBeGreaterThanOrEqual(9);
});

test("finds the capacity of a server that takes 2 ms for each call, within 3%", async () => {
  for (const slo of ["p99: 20ms", "p50: 400ms\np99.9: 1s"]) {
    const { found } = await search({ seed: 1, slo, plan: even, serviceMs: () => 2 });
    expect(Math.abs(found!.perSecond / 500 - 1)).toBeLessThan(0.03);
  }
});

test("starts anywhere", async () => {
  for (const startPerSecond of [1, 499, 501, 40_000]) {
    const options = {
      seed: 3,
      slo: "p99: 50ms",
      serviceMs: () => 2,
      plan: even,
      startPerSecond,
      windowMs: 5_000,
    };
    const { found } = await search(options);
    expect(Math.abs(found!.perSecond / 500 - 1)).toBeLessThan(0.03);
  }
});

test("the rate that is found held in three windows in a row, and one disturbed window changes nothing", async () => {
  const options = {
    seed: 1,
    slo: "p99: 20ms",
    plan: even,
    serviceMs: () => 2,
    windowMs: 3_000,
  };
  const calm = await search(options);
  const last = calm.windows.filter(({ perSecond }) => perSecond === calm.found!.perSecond);
  expect(last.slice(-3).map(({ observation }) => observation)).toEqual(["holds", "holds", "holds"]);
  for (let window = 0; window < calm.windows.length; window++) {
    const disturbed = await search({ ...options, disturbed: [window] });
    expect(disturbed.found).toEqual(calm.found);
  }
});

test("the generator's limit is not the server's: more than it could offer is not judged", async () => {
  const options = { seed: 1, serviceMs: () => 1, generatorPerSecond: 300 };
  const enough = await search({ ...options, slo: "p99: 20ms\nsustains: 250/s" });
  expect(enough.found!.limitedBy).toBe("generator");
  expect(enough.found!.perSecond).toBeGreaterThan(290);
  expect(enough.found!.perSecond).toBeLessThanOrEqual(300);
  expect(exitCode(enough.verdict)).toBe(0);
  expect(describeFound(enough.found!)).toMatch(/^at least 29\d\/s; beyond that the generator/);

  const tooMuch = await search({ ...options, slo: "p99: 20ms\nsustains: 400/s" });
  expect(exitCode(tooMuch.verdict)).toBe(2);
  const slower = await search({
    ...options,
    slo: "p99: 20ms\nsustains: 400/s",
    serviceMs: () => 5,
  });
  expect(exitCode(slower.verdict)).toBe(1);
});

test("calls that wait for a free stream are the server's doing only when it is slow by itself", async () => {
  const slo = sloOf("p99: 50ms");
  const invalid = [{ rule: "rate", message: "900/s of 1,000/s was reached" }] as const;
  const waiting = {
    invalid,
    counts: { waited: 4_000 },
    latencies: Array<number>(10_000).fill(400),
  };
  const seen = (sample: Sample) => {
    const result = sampleResult({ ...waiting, ...sample });
    return observe(slo, { result, verdict: judge(slo, result) });
  };
  expect(seen({ service: histogramOf(Array<number>(10_000).fill(40)) })).toBe("invalid");
  expect(seen({ service: histogramOf(Array<number>(10_000).fill(60)) })).toBe("fails");
  const missed = { waited: 4_000, failed: 3_000, missed: 3_000 };
  const quick = histogramOf(Array<number>(10_000).fill(40));
  expect(seen({ service: quick, counts: missed })).toBe("invalid");
  expect(seen({ service: quick, counts: { ...missed, missed: 2_000 } })).toBe("fails");
});

test("a server that holds at no rate, and one that holds at the largest", async () => {
  const never = await search({ seed: 1, slo: "p50: 1ms", serviceMs: () => 2, leastPerSecond: 5 });
  expect(never.found).toEqual({ perSecond: 0, limitedBy: "server" });
  expect(exitCode(never.verdict)).toBe(1);
  const always = await search({
    seed: 1,
    slo: "p50: 3ms",
    serviceMs: () => 0.1,
    mostPerSecond: 900,
  });
  expect(always.found).toEqual({ perSecond: 900, limitedBy: "most" });
  expect(always.windows.filter(({ perSecond }) => perSecond === 900)).toHaveLength(3);
  expect(exitCode(always.verdict)).toBe(0);
});

test("a generator that keeps no schedule at all is given up, not asked for ever less", async () => {
  const spoilt = await search({
    seed: 1,
    slo: "p99: 20ms",
    serviceMs: () => 1,
    generatorPerSecond: 0,
  });
  const rates = spoilt.windows.map(({ perSecond }) => perSecond);
  expect(rates).toEqual([100, 50, 25].flatMap((rate) => [rate, rate, rate]));
  expect(describeFound(spoilt.found!)).toMatch(/^at no rate did the generator keep/);
  expect(spoilt.found).toEqual({ perSecond: 0, limitedBy: "generator" });
  expect(exitCode(spoilt.verdict)).toBe(2);
});

test("interrupted, it tells the windows it has and finds nothing", async () => {
  const run = virtualRuns({ serviceMs: () => 2 }, 1);
  const ended = { by: "interrupt", because: "interrupted" } as const;
  let windows = 0;
  const { found, windows: seen } = await searchRate({
    plan,
    slo: sloOf("p99: 50ms"),
    run: async (own) => ({ ...(await run(own)), ...(++windows === 3 && { ended }) }),
  });
  expect(found).toBeUndefined();
  expect(seen.map(({ observation }) => observation)).toEqual(["holds", "holds", "invalid"]);
  expect(exitCode(judgeSearch(sloOf("p99: 50ms"), { windows: seen }))).toBe(2);
});
