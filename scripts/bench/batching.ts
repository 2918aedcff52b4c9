import { parseArgs } from "node:util";
import type { TwoTowerShape } from "../../models/two-tower/weights.ts";
import type { Cost } from "./batching/cost-curve.ts";
import {
  type LoadFigures,
  measureCosts,
  measureLatencies,
  measureRates,
  type Rate,
  type Rates,
} from "./batching/measure.ts";
import { openRawSession } from "./batching/raw-session.ts";
import { openServedModel } from "./batching/served-model.ts";
import { candidates, wholeCatalogue, type Workload } from "./batching/workload.ts";
import { formatTable } from "./table.ts";

const users = 10_000;
const halfLoad = 0.5;
const loads = [0.25, halfLoad, 0.75, 0.9];

/** Of whole-catalogue scoring, with calls of one row. */
const required = { shareOfRaw: 0.9, timesSingleRunAtHalfLoad: 3 };

interface Figures {
  readonly workload: string;
  readonly costs: readonly Cost[];
  readonly rates: Rates;
  readonly latencies: readonly LoadFigures[];
}

/** Rows per second and latency at the Backend, without gRPC, beside ONNX Runtime alone in the same kind of worker. */
export async function run(args: string[]): Promise<void> {
  const shape = shapeFrom(args);
  console.log(
    `N = ${shape.items}, d = ${shape.dims}, qint8, one session of one thread; medians of 5 interleaved rounds\n`,
  );
  const figures = await measure(shape, [wholeCatalogue(shape), candidates(shape)]);
  console.log(describeRates(figures));
  for (const one of figures) console.log(`\n${describeLatencies(one)}`);
  const missed = missedOf(figures[0]!);
  for (const line of missed) console.log(`MISSED: ${line}`);
  if (missed.length > 0) process.exitCode = 1;
  console.log(
    `\nRESULT ${JSON.stringify({ bench: "batching", ...shape, required, figures, missed })}`,
  );
}

function shapeFrom(args: string[]): TwoTowerShape {
  const options = {
    items: { type: "string", default: "100000" },
    dims: { type: "string", default: "128" },
  } as const;
  const { values } = parseArgs({ args, options });
  return { users, items: Number(values.items), dims: Number(values.dims) };
}

async function measure(shape: TwoTowerShape, workloads: readonly Workload[]): Promise<Figures[]> {
  await using model = await openServedModel(shape);
  await using raw = await openRawSession(model.graph);
  const figures: Figures[] = [];
  for (const workload of workloads) {
    const subjects = { model, raw, workload };
    const costs = await measureCosts(subjects);
    const rates = await measureRates(subjects);
    figures.push({
      workload: workload.name,
      costs,
      rates,
      latencies: await measureLatencies(subjects, { costs, rates }, loads),
    });
  }
  return figures;
}

function missedOf({ rates, latencies }: Figures): string[] {
  const share = rates.oneRowCalls.shareOfRaw;
  const times = latencies.find(({ load }) => load === halfLoad)!.timesSingleRun;
  return [
    ...(share < required.shareOfRaw
      ? [
          `${percent(share)} of bare ONNX Runtime's rows per second; ${percent(required.shareOfRaw)} is required`,
        ]
      : []),
    ...(times > required.timesSingleRunAtHalfLoad
      ? [
          `p50 at half load is ${times.toFixed(2)} single runs; at most ${required.timesSingleRunAtHalfLoad} is required`,
        ]
      : []),
  ];
}

function describeRates(figures: readonly Figures[]): string {
  return formatTable(
    [
      "rows/s",
      "bare (floor)",
      "at batch",
      "1-row calls",
      "of bare",
      "busy",
      "1,000-row calls",
      "of bare",
      "busy",
    ],
    figures.map(({ workload, rates }) => [
      workload,
      rates.raw.toFixed(0),
      `${rates.bestBatch}`,
      ...rateCells(rates.oneRowCalls),
      ...rateCells(rates.thousandRowCalls),
    ]),
  );
}

function rateCells({ rowsPerS, shareOfRaw, busy }: Rate): string[] {
  return [rowsPerS.toFixed(0), percent(shareOfRaw), percent(busy)];
}

function describeLatencies({ workload, costs, latencies }: Figures): string {
  const single = costs[0]!.ms;
  const rows = latencies.map(({ load, virtual, timesSingleRun, real }) => [
    percent(load),
    ms(virtual.p50),
    `${timesSingleRun.toFixed(2)}x`,
    ms(virtual.p99),
    virtual.meanBatch.toFixed(1),
    ms(real.p50),
    ms(real.p99),
  ]);
  const headings = ["load", "virtual p50", "of one run", "p99", "mean batch", "real p50", "p99"];
  const runs = costs.map(({ rows, ms: cost }) => `${rows}: ${ms(cost)}`).join(", ");
  return `${workload}, ms; a run of one row takes ${ms(single)} (floor)\nruns by rows: ${runs}\n${formatTable(headings, rows)}`;
}

function ms(value: number): string {
  return value.toFixed(2);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
