import { parseArgs } from "node:util";
import { instructionSet } from "../../models/instruction-set.ts";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import { lengthsFor } from "../../models/sequence/export/lengths.ts";
import { interleaved } from "./interleaved.ts";
import { openMatrixProduct } from "./matrix-product.ts";
import { assertSameAnswers } from "./sequence/assert-same-answers.ts";
import { ourFeeds, plainFeeds, probeOf } from "./sequence/feeds.ts";
import { lengthsAsked } from "./sequence/lengths-asked.ts";
import { openBenchModels, type BenchModels } from "./sequence/models.ts";
import { leastOperations } from "./sequence/operations.ts";
import { NoPyTorch } from "./sequence/plain-export.ts";
import { formatTable } from "./table.ts";

const rows = 32;
const required = 1.4;

/**
 * A sequence model as it is served against a plain export of it by PyTorch, per row at batch 32: sequences of full length, and lengths as
 * they are asked about, which are served in buckets and which the plain export gets padded to its longest.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { trained: { type: "string" } } });
  try {
    await compare(values.trained);
  } catch (error) {
    if (!(error instanceof NoPyTorch)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

async function compare(trainedDir: string | undefined): Promise<void> {
  await using models = await openBenchModels(trainedDir);
  const { weights, trained } = models;
  const isa = await instructionSet();
  console.log(
    `${weights.items} items, ${weights.itemDims} + ${weights.userDims} dimensions, ${weights.blocks} blocks, up to ${weights.maxLength} items, batches of ${rows}, one thread, ${isa}; CPU time, medians of 5 interleaved rounds`,
  );
  await assertSameAnswers(models, rows);
  const asked = lengthsAsked(trained, trainedDir === undefined);
  const times = await measure(models, asked);

  console.log(`\n${describe(times)}\n`);
  const missed = times.cases
    .filter(({ speedup }) => speedup < required)
    .map(({ name, speedup }) => `${name}: ${speedup.toFixed(2)}x, ${required}x is required`);
  for (const line of missed) console.log(`MISSED: ${line}`);
  if (times.lostShare > 0.1)
    console.log(
      `NOT ALONE: others had the core for ${(100 * times.lostShare).toFixed(0)}% of the time; run it again on an idle machine.`,
    );
  if (missed.length > 0) process.exitCode = 1;
  const { items, users, itemDims, userDims, maxLength, blocks, heads, hidden } = weights;
  const shape = { items, users, itemDims, userDims, maxLength, blocks, heads, hidden };
  console.log(
    `RESULT ${JSON.stringify({ bench: "sequence", ...shape, batch: rows, threads: 1, isa, ...times, missed })}`,
  );
}

interface Case {
  readonly name: string;
  /** CPU milliseconds of a row. */
  readonly plainMs: number;
  readonly oursMs: number;
  readonly floorMs: number;
  readonly speedup: number;
}

interface Times {
  readonly cases: readonly Case[];
  readonly gigaOperationsPerSecond: number;
  readonly lostShare: number;
}

async function measure(
  { weights, ours, plain }: BenchModels,
  asked: readonly number[],
): Promise<Times> {
  await using product = await openMatrixProduct("float32");
  const most = weights.maxLength;
  const lengths = lengthsFor(most);
  const batch = (length: number) =>
    Array.from({ length: rows }, (_, place) => probeOf(place, length, weights));
  const runOurs = (length: number) => () =>
    ours.run(ourFeeds(batch(length), length, weights), unhurried);
  const { cpuMs, lostShare } = await interleaved({
    plain: () => plain.run(plainFeeds(batch(most), most, weights), unhurried),
    multiply: product.run,
    ...Object.fromEntries(lengths.map((length) => [`ours ${length}`, runOurs(length)])),
  });
  const ms = cpuMs as Readonly<Record<string, number>>;
  const operationsPerMs = product.operations / ms["multiply"]!;
  const oursOf = (length: number) => ms[`ours ${length}`]! / rows;
  const floorOf = (length: number) => leastOperations(weights, length) / operationsPerMs;
  const bucketOf = (length: number) => lengths.find((one) => one >= length)!;
  const plainMs = ms["plain"]! / rows;
  const caseOf = (name: string, oursMs: number, floorMs: number): Case => {
    return { name, plainMs, oursMs, floorMs, speedup: plainMs / oursMs };
  };
  return {
    cases: [
      caseOf(`all ${most} long`, oursOf(most), floorOf(most)),
      // Of 32 such sequences the longest is nearly always as long as may be: the plain export is padded to that.
      caseOf(
        "lengths as asked",
        mean(asked.map((one) => oursOf(bucketOf(one)))),
        mean(asked.map(floorOf)),
      ),
    ],
    gigaOperationsPerSecond: operationsPerMs / 1e6,
    lostShare,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function describe({ cases, gigaOperationsPerSecond }: Times): string {
  const table = formatTable(
    ["ms of a row", "PyTorch's", "served", "floor", "speedup", "required"],
    cases.map(({ name, plainMs, oursMs, floorMs, speedup }) => [
      name,
      plainMs.toFixed(3),
      oursMs.toFixed(3),
      floorMs.toFixed(3),
      `${speedup.toFixed(2)}x`,
      `${required}x`,
    ]),
  );
  return `${table}\n\nfloor: the arithmetic that no way of computing the same can do without, at ${gigaOperationsPerSecond.toFixed(0)} GFLOP/s as a product of matrices in the cache has them in the same rounds`;
}
