import { median } from "../interleaved.ts";
import { bestCost, type Cost, createCostCurve } from "./cost-curve.ts";
import type { Latencies } from "./latencies.ts";
import { openLoopLatencies } from "./open-loop.ts";
import type { RawSession } from "./raw-session.ts";
import type { ServedModel } from "./served-model.ts";
import { type Served, serveRows } from "./served-rows.ts";
import { type VirtualFigures, virtualLatencies } from "./virtual-load.ts";
import { feedsOf, type Workload } from "./workload.ts";

export interface Subjects {
  readonly model: ServedModel;
  readonly raw: RawSession;
  readonly workload: Workload;
}

/** Rows per second, medians of the rounds; a share is the median of each round's own. */
export interface Rates {
  readonly bestBatch: number;
  readonly raw: number;
  readonly oneRowCalls: Rate;
  readonly thousandRowCalls: Rate;
}

export interface Rate extends Served {
  readonly shareOfRaw: number;
}

export interface LoadFigures {
  readonly load: number;
  /** At this share of what the best batch size can do. */
  readonly virtual: VirtualFigures;
  readonly timesSingleRun: number;
  /** On the real clock, at this share of what the backend served. */
  readonly real: Latencies;
}

const sizes = [1, 2, 4, 8, 16, 32, 64, 128];
/** One of these does the most rows per second. */
const largeSizes = [8, 32, 128];
const rounds = 5;
const sliceMs = 400;

/** What runs of each size cost bare and undisturbed: the fastest of all rounds. */
export async function measureCosts({ model, raw, workload }: Subjects): Promise<Cost[]> {
  const feeds = sizes.map((rows) => feedsOf(workload, model.family, rows));
  const fastestMs = sizes.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [i, own] of feeds.entries()) {
      const runs = await raw.repeat(own, sliceMs / 5);
      fastestMs[i] = Math.min(fastestMs[i]!, runs.fastestMs);
    }
  }
  return sizes.map((rows, i) => ({ rows, ms: fastestMs[i]! }));
}

interface Round {
  /** Rows per second by batch size. */
  readonly raw: ReadonlyMap<number, number>;
  readonly one: Served;
  readonly thousand: Served;
}

/** Bare ONNX Runtime with large batches beside the backend, in turns. */
export async function measureRates(subjects: Subjects): Promise<Rates> {
  // The first round warms the compiler up and says how long the others are.
  const first = await measureRound(subjects, 1);
  const totalRows = Math.ceil(Math.max(...first.raw.values()) * (sliceMs / 1000));
  const taken: Round[] = [];
  for (let round = 0; round < rounds; round++) taken.push(await measureRound(subjects, totalRows));

  const rawOf = (size: number) => median(taken.map(({ raw }) => raw.get(size)!));
  const bestBatch = largeSizes.reduce((best, size) => (rawOf(size) > rawOf(best) ? size : best));
  const rate = (pick: (round: Round) => Served): Rate => ({
    rowsPerS: median(taken.map((round) => pick(round).rowsPerS)),
    shareOfRaw: median(taken.map((round) => pick(round).rowsPerS / round.raw.get(bestBatch)!)),
    busy: median(taken.map((round) => pick(round).busy)),
  });
  return {
    bestBatch,
    raw: rawOf(bestBatch),
    oneRowCalls: rate(({ one }) => one),
    thousandRowCalls: rate(({ thousand }) => thousand),
  };
}

async function measureRound({ model, raw, workload }: Subjects, totalRows: number): Promise<Round> {
  const rates = new Map<number, number>();
  for (const rows of largeSizes) {
    const { meanMs } = await raw.repeat(feedsOf(workload, model.family, rows), sliceMs / 2);
    rates.set(rows, (1000 * rows) / meanMs);
  }
  const serve = (callers: number, rowsPerCall: number) =>
    serveRows(model, workload, { callers, rowsPerCall, totalRows });
  return { raw: rates, one: await serve(512, 1), thousand: await serve(3, 1000) };
}

export interface Measured {
  readonly costs: readonly Cost[];
  readonly rates: Rates;
}

/** Latency of single rows that arrive on their own, by load. */
export async function measureLatencies(
  { model, workload }: Subjects,
  { costs, rates }: Measured,
  loads: readonly number[],
): Promise<LoadFigures[]> {
  const costMs = createCostCurve(costs);
  const best = bestCost(costs);
  const figures: LoadFigures[] = [];
  for (const load of loads) {
    const virtual = await virtualLatencies({
      rowsPerMs: (load * best.rows) / best.ms,
      costMs,
      maxBatch: 128,
      rows: 8_000,
    });
    const rowsPerMs = (load * rates.oneRowCalls.rowsPerS) / 1000;
    const rows = Math.ceil(rowsPerMs * 2 * sliceMs);
    const real = await openLoopLatencies(model.backend, workload, { rowsPerMs, rows });
    figures.push({ load, virtual, timesSingleRun: virtual.p50 / costMs(1), real });
  }
  return figures;
}
