import { formatCount, formatMs, formatRate, formatShare } from "../../display/figures.ts";
import type { WarmUp } from "./record/run-part.ts";
import type { Finding, RunResult } from "../run-result.ts";

/** What is judged: all of a result but the judgement. */
export type Figures = Omit<RunResult, "invalid" | "warnings">;

export interface Judgement {
  readonly invalid: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** What a valid run keeps to. */
export const validity = {
  maxLagP99Ms: 5,
  minAchieved: 0.99,
  maxLoopDelayP99Ms: 5,
} as const;

const maxBusyShare = 0.9;
/** A percentile is not more than an anecdote when fewer calls are beyond it. */
const minBeyond = 10;
const minStarvedShare = 0.02;
const clockWarningMs = 1_000;

type Judge = (figures: Figures, warmUp: WarmUp) => Finding | undefined;

export function judge(figures: Figures, warmUp: WarmUp): Judgement {
  return {
    invalid: invalidities.flatMap((rule) => rule(figures, warmUp) ?? []),
    warnings: doubts.flatMap((rule) => rule(figures, warmUp) ?? []),
  };
}

const invalidities: readonly Judge[] = [
  ({ ended }) => {
    if (ended === undefined || ended.by === "silence") return undefined;
    return { rule: "partial", message: `the run is not whole: ${ended.because}` };
  },
  ({ counts, ended }) => {
    if (ended || counts.ok + counts.failed > 0) return undefined;
    return {
      rule: "empty",
      message: `of ${counts.due} calls none ended: let the schedule make some, and cancel fewer`,
    };
  },
  (figures) => {
    const { lagP99Ms } = figures.generator;
    if (figures.about.loop === "closed" || lagP99Ms <= validity.maxLagP99Ms) return undefined;
    return {
      rule: "lag",
      message: `1% of calls left ${formatMs(lagP99Ms)} late or more, where ${validity.maxLagP99Ms} ms is allowed: the generator could not keep its schedule; ${remedy(figures)}`,
    };
  },
  ({ about, counts }) => {
    const { targetRate, achievedRate, waited, due } = counts;
    if (about.loop === "closed" || achievedRate >= validity.minAchieved * targetRate)
      return undefined;
    const asked = `${formatRate(achievedRate)} of ${formatRate(targetRate)} was reached, where ${formatShare(validity.minAchieved)} is needed`;
    const why =
      waited > due / 100
        ? `${formatShare(waited / due)} of the calls waited for a free stream: the target is too slow for this rate, or needs more connections or streams`
        : "the generator could not keep its schedule; use more workers";
    return { rule: "rate", message: `${asked}: ${why}` };
  },
  (figures) => {
    const { loopDelayP99Ms } = figures.generator;
    if (figures.about.loop === "open" || loopDelayP99Ms <= validity.maxLoopDelayP99Ms)
      return undefined;
    return {
      rule: "blocked-loop",
      message: `a worker's event loop was late by ${formatMs(loopDelayP99Ms)} (p99), where ${validity.maxLoopDelayP99Ms} ms is allowed, and so are its latencies; ${remedy(figures)}`,
    };
  },
];

/** A generator is late because it has too much to do, or because others have. */
function remedy({ about, generator, tookMs }: Figures): string {
  const starved = generator.starvedMs / (about.workers * tookMs);
  if (starved < minStarvedShare) return "use more workers";
  return `the machine gave the processor to others for ${formatShare(starved)} of the time, so use one with less else to do`;
}

const doubts: readonly Judge[] = [
  ({ counts: { waited, due }, about }) => {
    if (waited === 0) return undefined;
    return {
      rule: "waited",
      message: `${formatShare(waited / due)} of the calls found all ${about.connections * about.streamsPerConnection} streams taken and left later; their waiting is in the latency, but the target never saw more in flight: allow more connections or streams`,
    };
  },
  ({ generator: { busyShare } }) => {
    if (busyShare <= maxBusyShare) return undefined;
    return {
      rule: "busy",
      message: `a worker was busy ${formatShare(busyShare)} of the time: the target may be faster than these figures; use more workers`,
    };
  },
  ({ counts, ended, latency: { count } }) => {
    const [share, name] = count < 100 * minBeyond ? [0.99, "p99"] : [0.999, "p99.9"];
    const beyond = Math.floor((1 - share) * count + 1e-6);
    if (ended || counts.ok === 0 || beyond >= minBeyond) return undefined;
    return {
      rule: "few-calls",
      message: `${name} rests on ${formatCount(beyond)} of ${formatCount(count)} calls: run until at least ${minBeyond} are beyond it`,
    };
  },
  (_, { sent, ok, message }) => {
    if (sent === 0 || ok > 0) return undefined;
    return {
      rule: "warm-up",
      message: `none of ${sent} calls ended OK while warming up: ${message}`,
    };
  },
  ({ counts: { lost } }) => {
    if (lost === 0) return undefined;
    return {
      rule: "lost-connections",
      message: `${formatCount(lost)} calls failed because their connection did`,
    };
  },
  ({ generator: { generators } }) => {
    const far = generators.find(({ clockAheadMs }) => Math.abs(clockAheadMs) > clockWarningMs);
    if (far === undefined) return undefined;
    const way = far.clockAheadMs > 0 ? "ahead of" : "behind";
    return {
      rule: "clock",
      message: `the clock of ${far.name} is ${formatMs(Math.abs(far.clockAheadMs))} ${way} the coordinator's; starting together was corrected for it`,
    };
  },
];
