import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import type { Probe } from "../../exporting/probe.ts";
import { encodeRows, type EncodedRow } from "../../sequence/encode-rows.ts";
import type { Tensors } from "../../tensors.ts";
import type { ImportPlan } from "../plan.ts";
import { magnitudeOf } from "./body-trial.ts";

const batchSizes = [2, 3, 8, 32, 128];
/** Of a batch, as the family takes them. */
const mostPositions = 6_400;

/** Whether rows get the same ids and score bits alone and in batches; otherwise how many did not. */
export interface Independence {
  readonly rows: number;
  readonly differing: number;
  /** The greatest distance of two scores of a rank, as a share of the row's largest. */
  readonly furthest: number;
}

/** Runs the same rows alone and in batches of several sizes, for the shortest and the longest length, over the catalogue and over candidates. */
export async function tryBatches(
  runner: GraphRunner,
  plan: ImportPlan,
  probes: readonly Probe[],
): Promise<Independence> {
  const { lengths, items, serving } = plan;
  const encoding = { padding: serving.side, itemCount: items };
  const counts = { rows: 0, differing: 0, furthest: 0 };
  for (const length of new Set([lengths[0]!, lengths.at(-1)!])) {
    for (const candidates of [0, 16]) {
      const shape = { length, candidates, fetch: Math.min(16, items) };
      const most = batchSizes.findLast((rows) => rows * length <= mostPositions) ?? 1;
      const rows = rowsOf(probes, shape, items).slice(0, most);
      const alone: Tensors[] = [];
      for (const row of rows) alone.push(await runner.run(encodeRows([row], encoding), unhurried));
      for (const size of batchSizes.filter((rows) => rows * length <= mostPositions)) {
        const batch = rows.slice(0, size);
        const outputs = await runner.run(encodeRows(batch, encoding), unhurried);
        counts.rows += batch.length;
        for (const i of batch.keys()) {
          if (bits(outputs, i) === bits(alone[i]!, 0)) continue;
          counts.differing++;
          const apart = distance(scoresOf(alone[i]!, 0), scoresOf(outputs, i));
          counts.furthest = Math.max(counts.furthest, apart);
        }
      }
    }
  }
  return counts;
}

function rowsOf(probes: readonly Probe[], shape: EncodedRow["shape"], items: number): EncodedRow[] {
  return Array.from({ length: batchSizes.at(-1)! }, (_, i) => {
    const { history } = probes[i % probes.length]!;
    const sequence = history.slice(-Math.max(1, shape.length - (i % 3)));
    const candidates = Int32Array.from({ length: Math.min(shape.candidates, items) }, (_, at) =>
      Math.floor((at * items) / shape.candidates),
    );
    return {
      user: -1,
      shape,
      sequence,
      candidates: shape.candidates === 0 ? undefined : candidates,
    };
  });
}

function scoresOf({ scores }: Tensors, row: number): Float32Array {
  const width = scores!.dims[1]!;
  return (scores!.data as Float32Array).subarray(row * width, (row + 1) * width);
}

function distance(one: Float32Array, other: Float32Array): number {
  const largest = magnitudeOf(one.filter(Number.isFinite));
  return one.reduce(
    (most, score, rank) =>
      score === other[rank] ? most : Math.max(most, Math.abs(score - other[rank]!) / largest),
    0,
  );
}

function bits({ ids, scores }: Tensors, row: number): string {
  const width = ids!.dims[1]!;
  const of = ({ data }: Tensors[string]) => {
    const { buffer, byteOffset } = data;
    return Buffer.from(buffer, byteOffset + 4 * row * width, 4 * width).toString("base64");
  };
  return `${of(ids!)} ${of(scores!)}`;
}
