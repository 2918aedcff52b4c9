import { median } from "../interleaved.ts";
import { bestCost, type Cost, createCostCurve } from "./cost-curve.ts";
import type { Latencies } from "./latencies.ts";
import { openLoopLatencies } from "./open-loop.ts";
import type { RawSession } from "./raw-session.ts";
import type { ServedModel } from "./served-model.ts";
import { servedRowsPerS } from "./served-rows.ts";
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

export interface Rate {
  readonly rowsPerS: number;
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

/** Bare ONNX Runtime at its best batch size beside the backend, in turns. */
export async function measureRates(
  { model, raw, workload }: Subjects,
  costs: readonly Cost[],
): Promise<Rates> {
  const best = bestCost(costs);
  const feeds = feedsOf(workload, model.family, best.rows);
  const totalRows = Math.ceil((best.rows / best.ms) * sliceMs);
  const serve = (callers: number, rowsPerCall: number) =>
    servedRowsPerS(model.backend, workload, { callers, rowsPerCall, totalRows });
  const taken: { raw: number; one: number; thousand: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const figures = {
      raw: (1000 * best.rows) / (await raw.repeat(feeds, sliceMs)).meanMs,
      one: await serve(4 * best.rows, 1),
      thousand: await serve(3, 1000),
    };
    // The first round warms the compiler up.
    if (round > 0) taken.push(figures);
  }
  const rate = (pick: (figures: (typeof taken)[number]) => number): Rate => ({
    rowsPerS: median(taken.map(pick)),
    shareOfRaw: median(taken.map((figures) => pick(figures) / figures.raw)),
  });
  return {
    bestBatch: best.rows,
    raw: median(taken.map((figures) => figures.raw)),
    oneRowCalls: rate(({ one }) => one),
    thousandRowCalls: rate(({ thousand }) => thousand),
  };
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
