import { allocateTensors } from "../../allocate-tensors.ts";
import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";

/** One sequence as the model takes it. */
export interface TrialRow {
  /** The model's ids, with its padding. */
  readonly ids: readonly number[];
  /** Where the items stand among them. */
  readonly from: number;
  readonly to: number;
  readonly user: number;
}

/** What a body gave, in its shape. */
export interface TrialResult {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Runs the probe graph on rows of one length. */
export async function tryRows(
  runner: GraphRunner,
  rows: readonly TrialRow[],
): Promise<TrialResult> {
  const length = rows[0]!.ids.length;
  const feeds = allocateTensors({
    ids: { type: "int32", dims: [rows.length, length] },
    real: { type: "int32", dims: [rows.length, length] },
    user: { type: "int32", dims: [rows.length] },
  });
  rows.forEach(({ ids, from, to, user }, row) => {
    (feeds.ids.data as Int32Array).set(ids, row * length);
    (feeds.real.data as Int32Array).fill(1, row * length + from, row * length + to);
    (feeds.user.data as Int32Array)[row] = user;
  });
  const { values, dims } = await runner.run(feeds, unhurried);
  return { values: values!.data as Float32Array, dims: [...(dims!.data as Int32Array)] };
}

/** One row's numbers at one position, of a result that has positions; of another all that the row has. */
export function numbersAt(
  { dims, values }: TrialResult,
  {
    row,
    position,
    hasPositions,
  }: { readonly row: number; readonly position: number; readonly hasPositions: boolean },
): Float32Array {
  const width = dims.at(-1)!;
  const perRow = hasPositions ? dims.at(-2)! * width : width;
  const start = row * perRow + (hasPositions ? position * width : 0);
  return values.subarray(start, start + width);
}

/**
 * The same numbers, but for the order in which kernels add. They are measured by the ten greatest: a model may write -1e9 or
 * -Infinity in place of scores, beside which all the others would look alike.
 */
export function areClose(one: Float32Array, other: Float32Array): boolean {
  const scale = magnitudeOf(one.toSorted().slice(-10));
  return one.every((value, i) => {
    const most = 1e-4 * Math.max(scale, Math.abs(value));
    return value === other[i] || (Number.isFinite(value) && Math.abs(value - other[i]!) <= most);
  });
}

/** Of the largest. */
export function magnitudeOf(numbers: Float32Array): number {
  return numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
}
