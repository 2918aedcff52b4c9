import { allocateTensors } from "../../models/allocate-tensors.ts";
import { buildGraph } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import type { Tensor, Tensors } from "../../models/tensors.ts";

/*
 * A recommender in miniature, for finding out whether an engine works: weighted sums of looked-up rows, as floats,
 * and the successor of every id, as integers. Every provider has kernels for it.
 */

const items = 10;
const width = 4;
const table = Array.from({ length: items * width }, (_, index) => Math.sin(index + 1));

export function sampleGraph(): Uint8Array {
  const graph = buildGraph("sample", (g) => {
    const ids = g.input("ids", "int32", ["B", "H"]);
    const weights = g.input("weights", "float32", ["B", "H"]);
    const offset = g.input("offset", "float32", [width]);
    const rows = g.node("Reshape", [g.float32(table), g.int64([items, width])]);
    const looked = g.node("Gather", [rows, ids]);
    const sums = g.node("MatMul", [g.node("Unsqueeze", [weights, g.int64([1])]), looked]);
    g.node("Add", [g.node("Squeeze", [sums, g.int64([1])]), offset], { outputs: ["pooled"] });
    g.node("Add", [ids, g.int32(1)], { outputs: ["next"] });
    g.output("pooled", "float32", ["B", width]);
    g.output("next", "int32", ["B", "H"]);
  });
  return encodeModel(graph);
}

export type SampleFeeds = Record<"ids" | "weights" | "offset", Tensor>;

/** Other numbers for every seed. */
export function sampleFeeds(rows: number, seed = 0): SampleFeeds {
  const length = 3;
  const feeds = allocateTensors({
    ids: { type: "int32", dims: [rows, length] },
    weights: { type: "float32", dims: [rows, length] },
    offset: { type: "float32", dims: [width] },
  });
  for (let i = 0; i < rows * length; i++) {
    feeds.ids.data[i] = (7 * i + seed) % items;
    feeds.weights.data[i] = Math.cos(i + seed);
  }
  for (let i = 0; i < width; i++) feeds.offset.data[i] = i + seed;
  return feeds;
}

export interface SampleOutputs {
  readonly pooled: readonly number[];
  readonly next: readonly number[];
}

/** What the graph makes of the feeds, computed here. */
export function sampleOutputs({ ids, weights, offset }: SampleFeeds): SampleOutputs {
  const [rows = 0, length = 0] = ids.dims;
  const pooled = Array.from({ length: rows * width }, (_, cell) => {
    const column = cell % width;
    let sum = Number(offset.data[column]);
    for (let i = 0; i < length; i++) {
      const at = Math.floor(cell / width) * length + i;
      sum += Number(weights.data[at]) * Math.fround(table[Number(ids.data[at]) * width + column]!);
    }
    return sum;
  });
  return { pooled, next: [...ids.data].map((id) => Number(id) + 1) };
}

/** Kernels may differ in the last bits of a float, relative to the largest of its row; never in an integer. */
export function sampleAgrees(outputs: Tensors, expected: SampleOutputs): boolean {
  const { pooled, next } = outputs;
  if (pooled?.data.length !== expected.pooled.length) return false;
  if (next?.data.length !== expected.next.length) return false;
  return (
    expected.next.every((value, i) => next.data[i] === value) &&
    expected.pooled.every((value, i) => {
      const row = Math.floor(i / width) * width;
      const largest = Math.max(...expected.pooled.slice(row, row + width).map(Math.abs));
      return Math.abs(Number(pooled.data[i]) - value) <= 1e-5 * largest;
    })
  );
}
