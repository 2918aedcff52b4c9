import { parseArgs } from "node:util";
import { instructionSet } from "../../models/instruction-set.ts";
import { sameOrder10 } from "../../models/exporting/agreement.ts";
import { rankProbes } from "../../models/exporting/rank-probes.ts";
import { probeFeeds } from "../../models/two-tower/export/probe-feeds.ts";
import type { TwoTowerShape } from "../../models/two-tower/weights.ts";
import { openScoringModel } from "./scoring-model.ts";
import type { ScoringModel } from "./scoring-model.ts";
import { timeScoring } from "./scoring-times.ts";
import type { ScoringTimes } from "./scoring-times.ts";
import { formatTable } from "./table.ts";

const users = 1_000;
const required = {
  speedup: new Map([
    [1, 4],
    [32, 2.1],
  ]),
  sameOrder10: 0.99,
};

/** Rescored int8 against fp32 over a whole random catalogue, beside what reading the weights once or the mere arithmetic takes. */
export async function run(args: string[]): Promise<void> {
  const shape = shapeFrom(args);
  const isa = await instructionSet();
  console.log(
    `N = ${shape.items}, d = ${shape.dims}, one thread, ${isa}; CPU time, medians of 5 interleaved rounds\n`,
  );

  const { times, sameOrder } = await measurePlain(shape);
  console.log(`${describeTimes(times)}\n\n${describeLimits(times)}\n`);
  const agreement = { plain: sameOrder, norms10x: await measureSpread(shape) };
  console.log(describeAgreement(agreement));

  const missed = missedOf(times, agreement);
  for (const line of missed) console.log(`MISSED: ${line}`);
  if (times.lostShare > busy) console.log(describeNeighbours(times));
  if (missed.length > 0) process.exitCode = 1;
  const result = {
    bench: "scoring",
    ...shape,
    threads: 1,
    isa,
    ...times,
    sameOrder10: agreement,
    missed,
  };
  console.log(`RESULT ${JSON.stringify(result)}`);
}

function shapeFrom(args: string[]): TwoTowerShape {
  const { values } = parseArgs({
    args,
    options: {
      items: { type: "string", default: "180000" },
      dims: { type: "string", default: "128" },
    },
  });
  return { users, items: Number(values.items), dims: Number(values.dims) };
}

async function measurePlain(shape: TwoTowerShape) {
  await using model = await openScoringModel(shape);
  return { times: await timeScoring(model, shape), sameOrder: await agreementOf(model, shape) };
}

async function measureSpread(shape: TwoTowerShape): Promise<number> {
  await using model = await openScoringModel({ ...shape, normSpan: 10 });
  return await agreementOf(model, shape);
}

/** The share of users whose ordered top 10 is the same in both variants. */
async function agreementOf(
  { fp32, qint8 }: ScoringModel,
  { items }: TwoTowerShape,
): Promise<number> {
  const probes = Array.from({ length: users }, (_, user) => ({
    user,
    history: new Int32Array(),
    next: 0,
  }));
  const options = { items, feeds: probeFeeds(items), withoutHistory: false };
  return sameOrder10(
    await rankProbes(fp32, probes, options),
    await rankProbes(qint8, probes, options),
  );
}

type Agreement = Readonly<Record<"plain" | "norms10x", number>>;

function missedOf({ batches }: ScoringTimes, agreement: Agreement): string[] {
  const slow = batches
    .filter(({ rows, speedup }) => speedup < (required.speedup.get(rows) ?? 0))
    .map(
      ({ rows, speedup }) =>
        `qint8 is ${speedup.toFixed(2)}x fp32 at batch ${rows}, ${required.speedup.get(rows)}x is required`,
    );
  const different = Object.entries(agreement)
    .filter(([, share]) => share < required.sameOrder10)
    .map(
      ([model, share]) =>
        `the ordered top 10 (${model}) is fp32's for ${percent(share)} of users, ${percent(required.sameOrder10)} is required`,
    );
  return [...slow, ...different];
}

const ms = (value: number): string => value.toFixed(2);

function describeTimes({ batches }: ScoringTimes): string {
  const headings = ["batch", "fp32 ms", "floor ms", "qint8 ms", "floor ms", "speedup", "required"];
  return formatTable(
    headings,
    batches.map(({ rows, fp32, qint8, speedup }) => [
      `${rows}`,
      ms(fp32.ms),
      ms(fp32.floorMs),
      ms(qint8.ms),
      ms(qint8.floorMs),
      `${speedup.toFixed(2)}x`,
      required.speedup.has(rows) ? `${required.speedup.get(rows)}x` : "",
    ]),
  );
}

function describeLimits({ limits }: ScoringTimes): string {
  const { fp32, int8 } = limits;
  return [
    "floor: the weights read once, or the arithmetic of the batch, whichever takes longer; measured in the same rounds:",
    `  memory      ${fp32.gigabytesPerSecond.toFixed(1)} GB/s over the fp32 matrix, ${int8.gigabytesPerSecond.toFixed(1)} GB/s over the int8 one`,
    `  arithmetic  ${fp32.gigaOperationsPerSecond.toFixed(0)} GFLOP/s fp32, ${int8.gigaOperationsPerSecond.toFixed(0)} GOP/s int8`,
  ].join("\n");
}

function describeAgreement({ plain, norms10x }: Agreement): string {
  return `ordered top 10 as fp32: ${percent(plain)} of ${users} users; with item norms spanning 10x ${percent(norms10x)}`;
}

/** Beyond it the figures say as much about the neighbours as about the variants. */
const busy = 0.1;

function describeNeighbours({ lostShare }: ScoringTimes): string {
  return [
    `NOT ALONE: others had the core for ${percent(lostShare)} of the time; run it again on an idle machine.`,
    "A row of int8 suffers most: its matrix may stay in the last cache, unless others need that, too.",
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
