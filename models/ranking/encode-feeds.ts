import { allocateTensors, type TensorShape } from "../allocate-tensors.ts";
import type { Tensors } from "../tensors.ts";

/** What every row of a ranking family has. */
export interface FedRow {
  readonly candidates: Int32Array | undefined;
  readonly shape: { readonly candidates: number; readonly fetch: number };
}

/** One of a graph's inputs, int32. */
export interface Feed<Row> {
  /** Of one row. */
  readonly dims: readonly number[];
  readonly padding: number;
  /** Writes what a row has; its place starts at `at`. */
  readonly write: (row: Row, into: Int32Array, at: number) => void;
}

export interface Feeds<Row> {
  /** By the names of the inputs. */
  readonly inputs: Readonly<Record<string, Feed<Row>>>;
  /** The index behind the last item, which pads candidates. */
  readonly itemCount: number;
}

/**
 * The feeds of one batch: what the family has to say, and `candidates` and `k`.
 * @param rows Of one lane: all have the first one's shape.
 */
export function encodeFeeds<Row extends FedRow>(
  rows: readonly Row[],
  { inputs, itemCount }: Feeds<Row>,
): Tensors {
  const { candidates, fetch } = rows[0]!.shape;
  const all: Readonly<Record<string, Feed<Row>>> = {
    ...inputs,
    candidates: {
      dims: [candidates],
      padding: itemCount,
      write: (row, into, at) => row.candidates && into.set(row.candidates, at),
    },
  };
  const names = Object.keys(all);
  const shapes = names.map((name): [string, TensorShape] => [
    name,
    { type: "int32", dims: [rows.length, ...all[name]!.dims] },
  ]);
  const tensors = allocateTensors<string>({
    ...Object.fromEntries(shapes),
    k: { type: "int32", dims: [1] },
  });
  for (const name of names) {
    const { padding, write } = all[name]!;
    const data = tensors[name]!.data as Int32Array;
    const size = data.length / rows.length;
    data.fill(padding);
    rows.forEach((row, i) => write(row, data, i * size));
  }
  (tensors["k"]!.data as Int32Array)[0] = fetch;
  return tensors;
}
