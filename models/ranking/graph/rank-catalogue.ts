import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, topK } from "../../onnx/operators.ts";
import { atMost, rescore, survivorsWanted } from "./rescore.ts";
import { codeOfZero, vectorCodes } from "./vector-codes.ts";

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
    const codes = vectorCodes(branch, ranking.vectors, quantized.userFactors);
    const integers = branch.node("MatMulInteger", [codes, matrix, branch.uint8(codeOfZero)]);
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
  const k = survivorsWanted(graph, ranking, survivorsPerResult);
  return rescore(graph, ranking, topK(graph, all, { k }).indices);
}
