import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, dot, pick, reduce, sizeOf, topK } from "../../onnx/operators.ts";

export interface ItemShape {
  readonly items: number;
  readonly dims: number;
}

export interface Ranking {
  readonly shape: ItemShape;
  /** The float32 vectors of items [..., n] of this table: [..., n, dims]. The one behind the last item is padding. */
  readonly vectorsOf: (graph: GraphBuilder, items: Value) => Value;
  /** [B, dims] */
  readonly vectors: Value;
  /** int64 [1] */
  readonly k: Value;
}

export interface Ranked {
  /** int32 [B, results] */
  readonly ids: Value;
  /** float32 [B, results] */
  readonly scores: Value;
}

/** Ranks the whole catalogue inside `branch`, with weights that were declared around it. */
export type RankCatalogue = (branch: GraphBuilder, ranking: Ranking) => Ranked;

/**
 * Every item in float32.
 * @param matrix float32 [items, dims]
 */
export function exactCatalogue(matrix: Value, { items }: ItemShape): RankCatalogue {
  return (branch, { vectors, k }) => {
    const all = branch.node("Gemm", [vectors, matrix], { attributes: { transB: 1 } });
    const best = topK(branch, all, { k: atMost(branch, k, items) });
    return { ids: cast(branch, best.indices, "int32"), scores: best.values };
  };
}

/** The item matrix in int8, [dims, items], and what goes with it. */
export interface QuantizedItems {
  readonly matrixFile: string;
  /** float32 [items]. Absent: all items have the same scale, and integer scores rank. */
  readonly itemScalesFile?: string;
  /** What each dimension of the user vector is multiplied by. Absent: nothing. */
  readonly userFactors?: Float32Array;
  readonly survivorsPerResult: number;
}

/** Every item in int8, then the best of them again in float32: its results are exact unless an item was lost on the way. */
export function quantizedCatalogue(
  graph: GraphBuilder,
  { items, dims }: ItemShape,
  quantized: QuantizedItems,
): RankCatalogue {
  const matrix = graph.external(
    { name: "item_matrix", type: "int8", dims: [dims, items] },
    { file: quantized.matrixFile },
  );
  const scales =
    quantized.itemScalesFile === undefined
      ? undefined
      : graph.external(
          { name: "item_scales", type: "float32", dims: [items] },
          { file: quantized.itemScalesFile },
        );
  return (branch, ranking) => {
    const codes = quantizeRows(branch, ranking.vectors, quantized.userFactors);
    const integers = branch.node("MatMulInteger", [codes, matrix, branch.uint8(zeroPoint)]);
    const all =
      scales === undefined
        ? integers
        : branch.node("Mul", [cast(branch, integers, "float32"), scales]);
    return rescoreBest(branch, ranking, { all, survivorsPerResult: quantized.survivorsPerResult });
  };
}

export interface HalfItems {
  /** float16 [items, dims], or more rows than that */
  readonly file: string;
  readonly survivorsPerResult: number;
}

/** Every item in float16, then the best of them in float32: float16 has many equal scores. */
export function halfCatalogue(
  graph: GraphBuilder,
  { items, dims }: ItemShape,
  { file, survivorsPerResult }: HalfItems,
): RankCatalogue {
  const matrix = graph.external(
    { name: "item_matrix", type: "float16", dims: [items, dims] },
    { file },
  );
  return (branch, ranking) => {
    const vectors = cast(branch, ranking.vectors, "float16");
    const halves = branch.node("Gemm", [vectors, matrix], { attributes: { transB: 1 } });
    return rescoreBest(branch, ranking, {
      all: cast(branch, halves, "float32"),
      survivorsPerResult,
    });
  };
}

interface Rescoring {
  /** Rough scores of all items, [B, items]. */
  readonly all: Value;
  readonly survivorsPerResult: number;
}

/** The best by rough scores, ranked by exact ones. */
function rescoreBest(
  graph: GraphBuilder,
  ranking: Ranking,
  { all, survivorsPerResult }: Rescoring,
): Ranked {
  const wanted = graph.node("Mul", [ranking.k, graph.int64(survivorsPerResult)]);
  const survivors = topK(graph, all, { k: atMost(graph, wanted, ranking.shape.items) }).indices;
  return rescore(graph, ranking, inItemOrder(graph, survivors));
}

const zeroPoint = 128;

/**
 * Each row on a scale of its own, so that its codes depend on itself alone. The scale divides out of a row's ranking, so nobody
 * needs it afterwards.
 */
function quantizeRows(
  graph: GraphBuilder,
  vectors: Value,
  factors: Float32Array | undefined,
): Value {
  const scaled =
    factors === undefined ? vectors : graph.node("Mul", [vectors, graph.float32([...factors])]);
  const largest = graph.node("Max", [
    reduce(graph, "ReduceMax", { value: graph.node("Abs", [scaled]), axis: 1 }),
    graph.float32(1e-30),
  ]);
  const step = graph.node("Mul", [largest, graph.float32(1 / 127)]);
  const rounded = graph.node("Round", [graph.node("Div", [scaled, step])]);
  return cast(graph, graph.node("Add", [rounded, graph.float32(zeroPoint)]), "uint8");
}

/** So that among equal scores the lower item comes first, wherever the integers had put it. */
function inItemOrder(graph: GraphBuilder, survivors: Value): Value {
  return topK(graph, survivors, { k: sizeOf(graph, survivors, 1), largest: false }).values;
}

function rescore(
  graph: GraphBuilder,
  { vectorsOf, vectors, k, shape }: Ranking,
  survivors: Value,
): Ranked {
  const scores = dot(graph, vectorsOf(graph, survivors), vectors);
  const best = topK(graph, scores, { k: atMost(graph, k, shape.items) });
  return { ids: cast(graph, pick(graph, survivors, best.indices), "int32"), scores: best.values };
}

function atMost(graph: GraphBuilder, k: Value, limit: number): Value {
  return graph.node("Min", [k, graph.int64([limit])]);
}
