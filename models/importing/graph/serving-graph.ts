import { buildGraph } from "../../onnx/build-graph.ts";
import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { addAxis, cast, sizeOf } from "../../onnx/operators.ts";
import { exactCatalogue, quantizedCatalogue } from "../../ranking/graph/rank-catalogue.ts";
import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";
import { rankEither } from "../../ranking/graph/rank-either.ts";
import { declareTable, wholeTable, type TableFiles } from "../../ranking/graph/tables.ts";
import { importedFiles } from "../parts.ts";
import type { BodyInputs } from "../inspect/find-inputs.ts";
import { countItems } from "./count-items.ts";
import { feedBody } from "./feed-body.ts";
import { lastPosition, type PaddingSide } from "./last-position.ts";
import { rankScores } from "./rank-scores.ts";

/** All that has to be known of an imported model to serve it. */
export interface ServingPlan {
  readonly items: number;
  readonly inputs: BodyInputs;
  /** The body's value to go on with: hidden vectors where the head is known, else scores. */
  readonly value: string;
  /** The value's number of dimensions: with 3 it has every position, with 1 no batch. */
  readonly shape: "[width]" | "[batch, width]" | "[batch, length, width]" | "[length, width]";
  /** Where sequences are padded. */
  readonly side: PaddingSide;
  /** "left": the last item is the last position. */
  readonly lastOn: PaddingSide;
  readonly firstId: number;
  readonly paddingId: number;
  readonly user: UserIds;
  readonly ending: Ending;
}

export interface UserIds {
  /** The model's id of the first known user. */
  readonly firstId: number;
  /** The model's id for somebody unknown. */
  readonly unknownId: number;
}

export type Ending =
  | { readonly kind: "scores"; readonly firstColumn: number }
  | {
      readonly kind: "vectors";
      /** [items + 1, dims], the last row zeros. */
      readonly form: "float32" | "int8";
      readonly dims: number;
      /** The hidden vector gets a one at its end. */
      readonly hasBias: boolean;
      readonly quantized?: QuantizedItems;
    };

/**
 * The graph of the sequence family around an imported body. Inputs, all int32: `user` [B], -1 = unknown; `sequence` [B, L], item indexes,
 * padded on the plan's side with the item count; `candidates` [B, C], sorted, padded at their ends with it, C = 0: the whole
 * catalogue; `k` [1]. Outputs `ids` int32 and `scores` float32 [B, results], best first, padding as -1 and -Infinity. Of equal scores
 * the lower item comes first.
 */
export function servingGraph(plan: ServingPlan): Graph {
  return buildGraph("imported", (graph) => {
    const user = graph.input("user", "int32", ["batch"]);
    const sequence = graph.input("sequence", "int32", ["batch", "length"]);
    const candidates = graph.input("candidates", "int32", ["batch", "candidates"]);
    const k = cast(graph, graph.input("k", "int32", [1]), "int64");
    const isItem = graph.node("Less", [sequence, graph.int32(plan.items)]);
    const counts = countItems(graph, isItem);
    const feeds = {
      ids: modelIds(graph, { plan, sequence, isItem }),
      isItem,
      counts,
      user: modelUser(graph, user, plan.user),
    };
    const given = cast(
      graph,
      feedBody(graph, plan.inputs, { feeds, value: plan.value }),
      "float32",
    );
    const last = lastOf(graph, given, { plan, counts });
    if (plan.ending.kind === "scores") {
      const scores = columns(graph, last, { from: plan.ending.firstColumn, count: plan.items });
      rankScores(graph, { scores, items: plan.items, candidates, k });
    } else rankVectors(graph, { ending: plan.ending, items: plan.items, last, candidates, k });
  });
}

function modelIds(
  graph: GraphBuilder,
  {
    plan,
    sequence,
    isItem,
  }: { readonly plan: ServingPlan; readonly sequence: Value; readonly isItem: Value },
): Value {
  const ids = graph.node("Add", [sequence, graph.int32(plan.firstId)]);
  return graph.node("Where", [isItem, ids, graph.int32(plan.paddingId)]);
}

function modelUser(graph: GraphBuilder, user: Value, { firstId, unknownId }: UserIds): Value {
  const isUnknown = graph.node("Less", [user, graph.int32(0)]);
  const known = graph.node("Add", [user, graph.int32(firstId)]);
  return graph.node("Where", [isUnknown, graph.int32(unknownId), known]);
}

/** [B, width], whatever the body gives. */
function lastOf(
  graph: GraphBuilder,
  given: Value,
  { plan, counts }: { readonly plan: ServingPlan; readonly counts: Value },
): Value {
  const { shape, lastOn } = plan;
  if (shape === "[batch, width]") return given;
  if (shape === "[width]") return addAxis(graph, given, 0);
  const positions = shape === "[length, width]" ? addAxis(graph, given, 0) : given;
  return lastPosition(graph, positions, { counts, side: lastOn });
}

function columns(
  graph: GraphBuilder,
  scores: Value,
  { from, count }: { readonly from: number; readonly count: number },
): Value {
  const [start, end, axis] = [from, from + count, 1].map((bound) => graph.int64([bound]));
  return graph.node("Slice", [scores, start!, end!, axis!]);
}

const headFiles: TableFiles = {
  float32: importedFiles.headVectors,
  // No form of an imported model asks for these.
  float16: importedFiles.headVectors,
  int8: importedFiles.headCodes,
  scales: importedFiles.headScales,
};

interface VectorRanking {
  readonly ending: Extract<Ending, { readonly kind: "vectors" }>;
  readonly items: number;
  readonly last: Value;
  readonly candidates: Value;
  readonly k: Value;
}

function rankVectors(graph: GraphBuilder, ranking: VectorRanking): void {
  const { ending, items, last, candidates, k } = ranking;
  const { dims, form, hasBias, quantized } = ending;
  const shape = { items, dims };
  const table = { dims, form, files: headFiles };
  const rankCatalogue = quantized
    ? quantizedCatalogue(graph, shape, quantized)
    : exactCatalogue(wholeTable(graph, { ...table, name: "item_matrix", rows: items }), shape);
  rankEither(graph, {
    shape,
    vectorsOf: declareTable(graph, { ...table, name: "item_vectors", rows: items + 1 }),
    vectors: hasBias ? withOne(graph, last) : last,
    k,
    candidates,
    rankCatalogue,
  });
}

/** For the bias, which is the last number of each item's vector. */
function withOne(graph: GraphBuilder, vectors: Value): Value {
  const rows = sizeOf(graph, vectors, 0);
  const shape = graph.node("Concat", [rows, graph.int64([1])], { attributes: { axis: 0 } });
  const ones = graph.node("Expand", [graph.float32([1]), shape]);
  return graph.node("Concat", [vectors, ones], { attributes: { axis: 1 } });
}
