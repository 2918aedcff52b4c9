import type { run, RunOptions } from "../engine/run.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import { leastRounds } from "./compare-samples.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";
import { conclude } from "./conclude.ts";
import { sampleOf } from "./metrics.ts";
import { firstSides, type SideName } from "./run-order.ts";
import type { ServerCpu } from "./server-cpu.ts";

export interface Side {
  /** For people, e.g. "v1.4" or the target. */
  readonly name: string;
  readonly plan: RunPlan;
  /** Absent: its CPU per call is not compared. */
  readonly cpu?: ServerCpu;
}

export interface CompareOptions extends RunOptions {
  readonly a: Side;
  readonly b: Side;
  /** At least 5. Default 7: they find a difference of a tenth where runs vary by 3%. */
  readonly rounds?: number;
  /** Of the order of runs. */
  readonly seed: number;
  readonly run: typeof run;
  readonly onRun?: (run: ComparedRun) => void;
}

/** A round whose runs were not both valid is run again, up to so many times the rounds that were asked for. */
const timesRounds = 2;

/** Runs both sides in turns, in an order of chance. */
export async function compareSides(options: CompareOptions): Promise<Comparison> {
  const { a, b, seed } = options;
  const rounds = Math.max(leastRounds, options.rounds ?? 7);
  const firsts = firstSides(rounds, seed);
  const runs: ComparedRun[] = [];
  const notes = new Set<string>();
  for (let round = 0; round < Math.min(firsts.length, timesRounds * rounds); round++) {
    const first = firsts[round]!;
    const pair = await runRound(round, first, { options, notes });
    runs.push(...pair);
    if (pair.some(({ result }) => result.ended?.by === "interrupt")) break;
    if (pair.some(({ sample }) => sample === undefined)) firsts.push(first);
  }
  return conclude({ names: { a: a.name, b: b.name }, runs, notes: Array.from(notes).sort() });
}

interface Context {
  readonly options: CompareOptions;
  /** What is told at the end, once. */
  readonly notes: Set<string>;
}

async function runRound(round: number, first: SideName, context: Context): Promise<ComparedRun[]> {
  const pair: ComparedRun[] = [];
  for (const side of [first, other(first)]) {
    const done = { round, side, ...(await runSide(context.options[side], context)) };
    pair.push(done);
    context.options.onRun?.(done);
    if (done.result.ended?.by === "interrupt") break;
  }
  return pair;
}

function other(side: SideName): SideName {
  return side === "a" ? "b" : "a";
}

async function runSide(
  side: Side,
  { options, notes }: Context,
): Promise<Pick<ComparedRun, "result" | "sample">> {
  let begun: Promise<Reading> | undefined;
  const { run, signal } = options;
  const result = await run(side.plan, {
    ...(signal && { signal }),
    onProgress: (progress) => {
      // Not before: what warming up costs is another thing.
      if (progress.elapsedMs >= 0) begun ??= read(side.cpu, progress.sent);
      options.onProgress?.(progress);
    },
  });
  if (result.invalid.length > 0 || result.ended !== undefined) return { result };
  const cpu = await cpuPerCall(side, result, await begun);
  if (typeof cpu === "string") notes.add(`CPU per call of ${side.name} was not measured: ${cpu}`);
  return { result, sample: sampleOf(result, typeof cpu === "number" ? cpu : undefined) };
}

type Reading = { readonly ms: number; readonly sent: number } | string;

async function read(cpu: ServerCpu | undefined, sent: number): Promise<Reading> {
  if (cpu === undefined) return "no metrics page and no process of the server was named";
  try {
    return { ms: await cpu.readMs(), sent };
  } catch (error) {
    return (error as Error).message;
  }
}

/** In us, or why not. */
async function cpuPerCall(
  side: Side,
  { counts }: RunResult,
  begun: Reading = "the run was too short",
): Promise<number | string> {
  if (typeof begun === "string") return begun;
  const ended = await read(side.cpu, counts.sent);
  if (typeof ended === "string") return ended;
  const calls = ended.sent - begun.sent;
  const spentMs = ended.ms - begun.ms;
  return calls > 0 && spentMs > 0
    ? (1_000 * spentMs) / calls
    : "the server spent no time, or was started anew";
}
