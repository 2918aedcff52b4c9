import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { type Percentiles, percentiles } from "../bench/live/load.ts";
import type { CallRecord } from "./call-record.ts";
import type { Applied } from "./applied.ts";
import { createStickiness } from "./stickiness.ts";

/** What was seen of a scenario. Times are of the clock of `monotonicMs`. */
export interface Run {
  readonly calls: readonly CallRecord[];
  readonly applied: readonly Applied[];
  readonly startedMs: number;
  readonly forMs: number;
  /** When all was well again. */
  readonly wellMs: number;
  readonly isQuick: boolean;
  /** What did not hold of what the scenario claims. */
  readonly broken: readonly string[];
}

interface Figures {
  readonly calls: number;
  /** By status. */
  readonly failed: Readonly<Record<string, number>>;
  readonly degraded: number;
  /** Of those, the ones that left when all had been well for a while. */
  readonly degradedLate: number;
  readonly spilled: number;
  /** To an arm that their user does not have. */
  readonly strayed: number;
  /** Of all calls, from when they should have left. */
  readonly latencies: Percentiles;
  /** Of the calls from a sixth of the run until all was well. */
  readonly slowShare: number;
  /** From when calls should have left to when they did. */
  readonly lag: Percentiles;
  /** Of the run, after all was well. */
  readonly wellForMs: number;
}

export interface Judged extends Figures {
  readonly missed: readonly string[];
  /** Why the run may prove nothing. */
  readonly invalid: readonly string[];
}

export const limits = {
  degradedShare: 0.01,
  /** After the fault ended, nothing is degraded any more. */
  recoveryMs: 5_000,
  slowMs: 100,
  slowShare: 0.01,
  lagP99Ms: 20,
};

export function judge(run: Run): Judged {
  const { calls, applied, wellMs } = run;
  const answered = calls.filter(({ code }) => code === "OK");
  const degraded = answered.filter((call) => call.degraded !== "");
  const isSticky = createStickiness(applied);
  const figures: Figures = {
    calls: calls.length,
    failed: countFailures(calls),
    degraded: degraded.length,
    degradedLate: degraded.filter(({ dueMs }) => dueMs >= wellMs + limits.recoveryMs).length,
    spilled: answered.filter(({ reason }) => reason === RouteReason.SPILL).length,
    strayed: answered.filter((call) => !isSticky(call)).length,
    latencies: percentiles(calls.map(({ dueMs, endedMs }) => endedMs - dueMs)),
    slowShare: slowShare(run),
    lag: percentiles(calls.map(({ dueMs, sentMs }) => sentMs - dueMs)),
    wellForMs: run.startedMs + run.forMs - wellMs,
  };
  return { ...figures, missed: missedOf(figures, run), invalid: invalidOf(figures) };
}

function countFailures(calls: readonly CallRecord[]): Readonly<Record<string, number>> {
  const failed: Record<string, number> = {};
  for (const { code } of calls) if (code !== "OK") failed[code] = (failed[code] ?? 0) + 1;
  return failed;
}

function slowShare({ calls, startedMs, forMs, wellMs }: Run): number {
  const judged = calls.filter(({ dueMs }) => dueMs >= startedMs + forMs / 6 && dueMs < wellMs);
  const slow = judged.filter(({ dueMs, endedMs }) => endedMs - dueMs > limits.slowMs);
  return slow.length / Math.max(1, judged.length);
}

function missedOf(figures: Figures, run: Run): string[] {
  const { calls, isQuick } = run;
  const { degraded, degradedLate, strayed, slowShare } = figures;
  const failures = Object.entries(figures.failed).map(([code, count]) => {
    const own = calls.filter((call) => call.code === code);
    return `${count} calls ended with ${code}, ${whenOf(own, run)}: ${own[0]!.message}`;
  });
  const broken: readonly (readonly [boolean, string])[] = [
    [degraded > limits.degradedShare * calls.length, `${degraded} calls were degraded`],
    [degradedLate > 0, `${degradedLate} calls were degraded long after all was well`],
    [strayed > 0, `${strayed} calls went to an arm that their user does not have`],
    [
      isQuick && slowShare > limits.slowShare,
      `${(100 * slowShare).toFixed(1)}% of the calls took more than ${limits.slowMs} ms`,
    ],
  ];
  const seen = broken.filter(([isBroken]) => isBroken).map(([, what]) => what);
  return [...failures, ...seen, ...run.broken];
}

function whenOf(calls: readonly CallRecord[], { startedMs, wellMs }: Run): string {
  const secondsAt = (ms: number) => ((ms - startedMs) / 1_000).toFixed(1);
  const [first, last] = [calls[0]!.dueMs, calls.at(-1)!.dueMs];
  return `from ${secondsAt(first)} s to ${secondsAt(last)} s, all being well at ${secondsAt(wellMs)} s`;
}

function invalidOf({ lag, wellForMs }: Figures): string[] {
  return [
    ...(lag.p99 <= limits.lagP99Ms
      ? []
      : [
          `calls left ${lag.p99.toFixed(0)} ms late (p99): the generator was kept from its schedule`,
        ]),
    ...(wellForMs > 0 ? [] : ["all was well only after the last call: give it more --seconds"]),
  ];
}
