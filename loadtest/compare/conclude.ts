import { formatShare } from "../../display/figures.ts";
import { compareSamples, leastRounds, type Pair } from "./compare-samples.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";
import type { SideName } from "./run-order.ts";

/** Failing quickly looks fast: beyond this share it is told, and a difference of as much makes b worse. */
const maxFailedShare = 0.01;

export interface Conclusion {
  readonly names: Readonly<Record<SideName, string>>;
  readonly runs: readonly ComparedRun[];
  readonly notes?: readonly string[];
}

/** What the runs of a comparison say; pure. */
export function conclude({ names, runs, notes = [] }: Conclusion): Comparison {
  const pairs = pairsOf(runs);
  const differences = compareSamples(pairs);
  const interrupted = runs.find(({ result }) => result.ended?.by === "interrupt")?.result.ended;
  const reasons = [
    ...(interrupted === undefined ? [] : [interrupted.because]),
    ...(pairs.length >= leastRounds ? [] : [whyTooFew(pairs.length, runs)]),
  ];
  const common = { names, runs, differences, notes: [...notes, ...noteFailures(pairs, names)] };
  if (reasons.length > 0) return { ...common, outcome: "invalid", reasons };
  if (pairs.every(({ a, b }) => b.failedShare - a.failedShare > maxFailedShare)) {
    return {
      ...common,
      outcome: "fail",
      reasons: ["in every round more calls failed in b than in a"],
    };
  }
  const isWorse = differences.some(({ bIs }) => bIs === "worse");
  return { ...common, outcome: isWorse ? "fail" : "pass", reasons };
}

/** Rounds whose two runs were valid. */
function pairsOf(runs: readonly ComparedRun[]): Pair[] {
  const rounds = new Map<number, Partial<Pair>>();
  for (const { round, side, sample } of runs) {
    if (sample !== undefined) rounds.set(round, { ...rounds.get(round), [side]: sample });
  }
  return Array.from(rounds.values()).filter((pair): pair is Pair => Boolean(pair.a && pair.b));
}

function whyTooFew(pairs: number, runs: readonly ComparedRun[]): string {
  const messages = runs.flatMap(({ result, sample }) =>
    sample === undefined ? result.invalid.map(({ message }) => message) : [],
  );
  const last = messages.at(-1);
  const because =
    last === undefined ? "" : `; the others were invalid, the last one because ${last}`;
  return `${pairs} rounds were valid, ${leastRounds} are needed${because}`;
}

function noteFailures(pairs: readonly Pair[], names: Conclusion["names"]): string[] {
  const mean = (side: SideName) =>
    pairs.reduce((sum, pair) => sum + pair[side].failedShare, 0) / Math.max(1, pairs.length);
  const shares = { a: mean("a"), b: mean("b") };
  if (Math.max(shares.a, shares.b) <= maxFailedShare) return [];
  return [
    `${formatShare(shares.a)} of the calls failed in ${names.a}, ${formatShare(shares.b)} in ${names.b}: latency is that of the others`,
  ];
}
