import { type Percentiles, percentiles } from "../bench/live/load.ts";
import type { MemorySample } from "../bench/live/sample-memory.ts";
import { slopeOf } from "../bench/live/slope.ts";
import type { CallRecord } from "./call-record.ts";
import { limits } from "./judge.ts";
import type { LoadStep, Overloaded } from "./overload.ts";

export interface StepFigures {
  readonly times: number;
  readonly calls: number;
  readonly goodputPerSecond: number;
  /** By status; those that something less than the model answered, by what that was. */
  readonly codes: Readonly<Record<string, number>>;
  /** Of the answered calls, from when they should have left. */
  readonly latencies: Percentiles;
}

export interface JudgedOverload {
  readonly steps: readonly StepFigures[];
  readonly peakPerSecond: number;
  readonly shareOfPeak: number;
  /** Of the calls that were not refused, those whose deadline passed. */
  readonly lateShare: number;
  /** Of the mean memory of a process, a minute, less twice the error of the slope. */
  readonly growthPerMinute: Readonly<Record<string, number>>;
  /** When the load had been low for a while: calls that failed, and the share that the model answered. */
  readonly recovered: { readonly failed: number; readonly share: number };
  readonly lag: Percentiles;
  readonly missed: readonly string[];
  /** Why the run may prove nothing. */
  readonly invalid: readonly string[];
}

export const overloadLimits = {
  shareOfPeak: 0.9,
  lateShare: 0.01,
  growthPerMinute: 0.03,
  recoveredShare: 0.99,
};

const windowMs = 5_000;
/** The memory of a process under a new load settles in the first quarter. */
const settlingShare = 0.25;

export function judgeOverload({ steps, overload, relief, memory }: Overloaded): JudgedOverload {
  const figures = [...steps, overload, relief].map(figuresOf);
  const late = countOf(overload, "DEADLINE_EXCEEDED");
  const peakPerSecond = Math.max(
    ...figures.slice(0, steps.length).map((step) => step.goodputPerSecond),
  );
  const told = {
    steps: figures,
    peakPerSecond,
    shareOfPeak: figures[steps.length]!.goodputPerSecond / peakPerSecond,
    lateShare: late / Math.max(1, late + countOf(overload, "OK")),
    growthPerMinute: mapValues(memory, sureGrowth),
    recovered: recovered(relief),
    lag: percentiles(overload.calls.map(({ dueMs, sentMs }) => sentMs - dueMs)),
  };
  return { ...told, missed: missedOf(told), invalid: invalidOf(told) };
}

function figuresOf({ times, forMs, calls }: LoadStep): StepFigures {
  const codes: Record<string, number> = {};
  for (const call of calls) codes[endOf(call)] = (codes[endOf(call)] ?? 0) + 1;
  const answered = calls.filter((call) => endOf(call) === "OK");
  return {
    times,
    calls: calls.length,
    goodputPerSecond: (1_000 * answered.length) / forMs,
    codes,
    latencies: percentiles(answered.map(({ dueMs, endedMs }) => endedMs - dueMs)),
  };
}

function countOf({ calls }: LoadStep, code: string): number {
  return calls.filter((call) => endOf(call) === code).length;
}

/** What the lowest rung answered, the model did not: it was refused. */
function endOf({ code, degraded }: CallRecord): string {
  return degraded === "" ? code : degraded;
}

function recovered({ calls }: LoadStep): JudgedOverload["recovered"] {
  const fromMs = calls[0]!.dueMs + limits.recoveryMs;
  const later = calls.filter(({ dueMs }) => dueMs >= fromMs);
  const failed = later.filter(({ code }) => code !== "OK").length;
  return { failed, share: later.filter((call) => endOf(call) === "OK").length / later.length };
}

function sureGrowth(samples: readonly MemorySample[]): number {
  const lastMs = samples.at(-1)!.atMs;
  const settled = samples.filter(({ atMs }) => atMs >= settlingShare * lastMs);
  const points = settled.map(({ atMs, rssMb }) => ({ atMs, value: rssMb }));
  const { perSecond, error } = slopeOf(points, windowMs);
  const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  return (60 * Math.max(0, perSecond - 2 * error)) / mean;
}

type Told = Omit<JudgedOverload, "missed" | "invalid">;

function missedOf(told: Told): string[] {
  const { shareOfPeak, lateShare, growthPerMinute, recovered } = told;
  const growing = Object.entries(growthPerMinute)
    .filter(([, growth]) => growth > overloadLimits.growthPerMinute)
    .map(([process, growth]) => `the memory of the ${process} grew by ${percent(growth)} a minute`);
  return [
    ...(shareOfPeak < overloadLimits.shareOfPeak
      ? [`goodput was ${percent(shareOfPeak)} of the peak`]
      : []),
    ...(lateShare > overloadLimits.lateShare
      ? [`${percent(lateShare)} of the admitted calls passed their deadline`]
      : []),
    ...growing,
    ...(recovered.failed > 0
      ? [`${recovered.failed} calls failed long after the load had dropped`]
      : []),
    ...(recovered.share < overloadLimits.recoveredShare
      ? [`the model answered ${percent(recovered.share)} long after the load had dropped`]
      : []),
  ];
}

function invalidOf({ lag }: Told): string[] {
  if (lag.p99 <= limits.lagP99Ms) return [];
  return [
    `calls left ${lag.p99.toFixed(0)} ms late (p99): the generator was kept from its schedule`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
