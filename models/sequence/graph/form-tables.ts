import type { GraphBuilder } from "../../onnx/build-graph.ts";
import { rankAll } from "../../ranking/graph/catalogue-form.ts";
import type { RankCatalogue } from "../../ranking/graph/rank-catalogue.ts";
import {
  declareTable,
  type LookUp,
  type TableFiles,
  type TableForm,
} from "../../ranking/graph/tables.ts";
import { weightFiles } from "../parts.ts";
import type { SequenceShape } from "../shape.ts";
import type { SequenceForm } from "./form.ts";

const itemFiles: TableFiles = {
  float32: weightFiles.itemVectors,
  float16: weightFiles.itemHalves,
  int8: weightFiles.itemCodes,
  scales: weightFiles.itemScales,
};

const userFiles: TableFiles = {
  float32: weightFiles.userVectors,
  float16: weightFiles.userHalves,
  int8: weightFiles.userCodes,
  scales: weightFiles.userScales,
};

export function itemLookUps(
  graph: GraphBuilder,
  { items, itemDims }: SequenceShape,
  { sequenceItems, scoredItems }: SequenceForm,
): { readonly ofSequence: LookUp; readonly scored: LookUp } {
  const declare = (name: string, form: TableForm) =>
    declareTable(graph, { name, rows: items + 1, dims: itemDims, form, files: itemFiles });
  const scored = declare("item_vectors", scoredItems);
  const isSame = sequenceItems === scoredItems;
  return { scored, ofSequence: isSame ? scored : declare("sequence_item_vectors", sequenceItems) };
}

/** undefined: the model knows no users. */
export function userLookUp(
  graph: GraphBuilder,
  { users, userDims }: SequenceShape,
  form: SequenceForm,
): LookUp | undefined {
  if (userDims === 0) return undefined;
  const name = "user_vectors";
  if (form.users !== "mean")
    return declareTable(graph, {
      name,
      rows: users + 1,
      dims: userDims,
      form: form.users,
      files: userFiles,
    });
  const files = { ...userFiles, float32: weightFiles.meanUser };
  const mean = declareTable(graph, { name, rows: 1, dims: userDims, form: "float32", files });
  return (inner, user, as) => mean(inner, inner.node("Mul", [user, inner.int32(0)]), as);
}

export function rankItems(
  graph: GraphBuilder,
  { items, itemDims }: SequenceShape,
  { scoredItems, catalogue }: SequenceForm,
): RankCatalogue {
  const shape = { items, dims: itemDims };
  return rankAll(graph, { shape, catalogue, scoredItems, files: itemFiles });
}
