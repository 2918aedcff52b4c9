import { createHistogram } from "./histogram/create-histogram.ts";
import type { Histogram } from "./histogram/histogram.ts";
import type { Counts, RunResult, RunSummary, Share } from "./run-result.ts";

export function histogramOf(values: Iterable<number>): Histogram {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram.snapshot();
}

export function shareOf(values: readonly number[], degraded = 0): Share {
  return { answers: values.length, degraded, latency: histogramOf(values) };
}

export interface Sample extends Omit<Partial<RunResult>, "counts" | "about"> {
  /** Of calls that ended OK. */
  readonly latencies?: readonly number[];
  readonly counts?: Partial<Counts>;
  readonly about?: Partial<RunSummary>;
}

/** The result of a valid, complete run of ten seconds in which every call took 10 ms, but for what is given. */
export function sampleResult(sample: Sample = {}): RunResult {
  const { latencies = Array.from({ length: 10_000 }, () => 10), counts, about, ...rest } = sample;
  const latency = histogramOf(latencies);
  const ok = latencies.length;
  return {
    name: "steady",
    about: { ...sampleSummary, ...about },
    startedAtMs: Date.UTC(2026, 10, 20, 12),
    tookMs: 10_000,
    invalid: [],
    warnings: [],
    counts: { ...countsOf(ok), ...counts },
    latency,
    failure: histogramOf([]),
    service: latency,
    lag: histogramOf(latencies.map(() => 0.05)),
    codes: { OK: ok },
    messages: {},
    rows: {},
    arms: {},
    backends: {},
    seconds: [],
    generator: sampleHealth,
    ...rest,
  };
}

function countsOf(ok: number): Counts {
  return {
    due: ok,
    sent: ok,
    ok,
    failed: 0,
    cancelled: 0,
    unfinished: 0,
    shed: 0,
    lost: 0,
    missed: 0,
    waited: 0,
    answers: ok,
    degraded: 0,
    sentBytes: 150 * ok,
    receivedBytes: 320 * ok,
    targetRate: ok / 10,
    achievedRate: ok / 10,
    goodput: ok / 10,
  };
}

const sampleSummary: RunSummary = {
  targets: ["127.0.0.1:8500"],
  workload: "recommend",
  transport: "grpc",
  method: "/crossfade.v1.RecommenderService/Recommend",
  schedule: "1,000/s for 10 s",
  loop: "open",
  seed: 1,
  warmUpMs: 2_000,
  connections: 4,
  streamsPerConnection: 100,
  workers: 1,
  deadlineMs: 250,
  machine: "AMD EPYC 7B13, 2 cores, 8 GB, Linux 6.1",
  versions: "crossfade 0.1.0, node 20.20.2",
};

const sampleHealth: RunResult["generator"] = {
  cpuMs: 900,
  cpuUsPerCall: 28,
  spunMs: 620,
  loopDelayP99Ms: 0.4,
  loopDelayMaxMs: 2.1,
  busyShare: 0.11,
  starvedMs: 0,
  lagP99Ms: 0.05,
  generators: [
    {
      name: "this process",
      machine: "AMD EPYC 7B13, 2 cores, 8 GB, Linux 6.1",
      clockAheadMs: 0,
      clockErrorMs: 0,
    },
  ],
};
