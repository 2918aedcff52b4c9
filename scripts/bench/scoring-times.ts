import { encodeRows } from "../../models/two-tower/encode-rows.ts";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import type { GraphRunner } from "../../models/exporting/graph-runner.ts";
import type { TwoTowerShape } from "../../models/two-tower/weights.ts";
import { interleaved } from "./interleaved.ts";
import { openMatrixProduct } from "./matrix-product.ts";
import { createMemoryRead } from "./memory-read.ts";
import type { ScoringModel } from "./scoring-model.ts";

/** CPU milliseconds of a batch, and the least that the machine could need for it. */
export interface Timed {
  readonly ms: number;
  readonly floorMs: number;
}

export interface BatchTimes {
  readonly rows: number;
  readonly fp32: Timed;
  readonly qint8: Timed;
  readonly speedup: number;
}

/** What one thread can do with numbers of one type. */
export interface Limits {
  /** Over as many bytes as the matrix has: a small one may stay in the cache. */
  readonly gigabytesPerSecond: number;
  readonly gigaOperationsPerSecond: number;
}

export interface ScoringTimes {
  readonly batches: readonly BatchTimes[];
  readonly limits: Readonly<Record<"fp32" | "int8", Limits>>;
  /** The share of the time during which others had the core. */
  readonly lostShare: number;
}

const batchSizes = [1, 8, 32, 128];

export async function timeScoring(
  model: ScoringModel,
  shape: TwoTowerShape,
): Promise<ScoringTimes> {
  await using floatProduct = await openMatrixProduct("float32");
  await using int8Product = await openMatrixProduct("int8");
  const numbers = shape.items * shape.dims;
  const calls: Record<string, () => unknown> = {
    ...contenders("fp32", model.fp32, shape),
    ...contenders("qint8", model.qint8, shape),
    readFloats: createMemoryRead(4 * numbers),
    readInt8: createMemoryRead(numbers),
    multiplyFloats: floatProduct.run,
    multiplyInt8: int8Product.run,
  };
  const { cpuMs: ms, lostShare } = await interleaved(calls);
  const limits = {
    fp32: limitsOf(
      (4 * numbers) / ms["readFloats"]!,
      floatProduct.operations / ms["multiplyFloats"]!,
    ),
    int8: limitsOf(numbers / ms["readInt8"]!, int8Product.operations / ms["multiplyInt8"]!),
  };
  const batches = batchSizes.map((rows) => {
    const fp32 = {
      ms: ms[`fp32 ${rows}`]!,
      floorMs: floorMs(limits.fp32, { bytes: 4 * numbers, operations: 2 * rows * numbers }),
    };
    const qint8 = {
      ms: ms[`qint8 ${rows}`]!,
      floorMs: floorMs(limits.int8, { bytes: numbers, operations: 2 * rows * numbers }),
    };
    return { rows, fp32, qint8, speedup: fp32.ms / qint8.ms };
  });
  return { batches, limits, lostShare };
}

function contenders(
  name: string,
  runner: GraphRunner,
  shape: TwoTowerShape,
): Record<string, () => Promise<unknown>> {
  return Object.fromEntries(
    batchSizes.map((rows) => [`${name} ${rows}`, scoring(runner, rows, shape.items)]),
  );
}

/** Known users, the whole catalogue, top 10. */
function scoring(runner: GraphRunner, rows: number, items: number): () => Promise<unknown> {
  const shape = { history: 0, candidates: 0, fetch: 10 };
  const users = Array.from({ length: rows }, (_, user) => ({
    user,
    shape,
    history: new Int32Array(),
    candidates: undefined,
  }));
  return () => runner.run(encodeRows(users, items), unhurried);
}

function limitsOf(bytesPerMs: number, operationsPerMs: number): Limits {
  return { gigabytesPerSecond: bytesPerMs / 1e6, gigaOperationsPerSecond: operationsPerMs / 1e6 };
}

function floorMs(
  limits: Limits,
  work: { readonly bytes: number; readonly operations: number },
): number {
  return (
    Math.max(
      work.bytes / limits.gigabytesPerSecond,
      work.operations / limits.gigaOperationsPerSecond,
    ) / 1e6
  );
}
