import type { RunResult } from "../run-result.ts";

/** What one run of one side showed. */
export interface Sample {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answered OK per second. */
  readonly throughput: number;
  /** Of the server, for each call that the generator sent; absent: it was not measured. */
  readonly cpuUsPerCall?: number;
  /** Of all calls, those that did not end OK, shed ones among them. */
  readonly failedShare: number;
}

export interface Metric {
  readonly name: string;
  readonly unit: "ms" | "/s" | "us";
  readonly read: (sample: Sample) => number | undefined;
  readonly better: "lower" | "higher";
  /** A difference below either of these is no difference, however sure it is. */
  readonly floor: { readonly share: number; readonly absolute: number };
  /** Its part of the chance for a false alarm that all metrics have together. */
  readonly weight: number;
}

/** p99 varies most from run to run and is what comparisons are made for: it gets half of the chance. */
export const metrics: readonly Metric[] = [
  {
    name: "p50",
    unit: "ms",
    read: ({ p50Ms }) => p50Ms,
    better: "lower",
    floor: { share: 0.02, absolute: 0.02 },
    weight: 1,
  },
  {
    name: "p99",
    unit: "ms",
    read: ({ p99Ms }) => p99Ms,
    better: "lower",
    floor: { share: 0.04, absolute: 0.05 },
    weight: 3,
  },
  {
    name: "throughput",
    unit: "/s",
    read: ({ throughput }) => throughput,
    better: "higher",
    floor: { share: 0.02, absolute: 1 },
    weight: 1,
  },
  {
    name: "server CPU per call",
    unit: "us",
    read: ({ cpuUsPerCall }) => cpuUsPerCall,
    better: "lower",
    floor: { share: 0.02, absolute: 0.5 },
    weight: 1,
  },
];

export function sampleOf(
  { latency, counts }: Pick<RunResult, "latency" | "counts">,
  cpuUsPerCall?: number,
): Sample {
  const { ok, failed } = counts;
  return {
    p50Ms: latency.at(0.5),
    p99Ms: latency.at(0.99),
    throughput: counts.goodput,
    failedShare: failed / Math.max(1, ok + failed),
    ...(cpuUsPerCall === undefined ? {} : { cpuUsPerCall }),
  };
}
