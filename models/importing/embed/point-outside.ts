import { bytesField, joinFields } from "../../onnx/decode/encode-fields.ts";
import { readFields } from "../../onnx/decode/fields.ts";
import type { DecodedModel } from "../../onnx/decode/model.ts";
import { pointedAt, type BodyWeights } from "./body-weights.ts";
import type { Pruned } from "./prune.ts";

const graphField = 7;
const nodeField = 1;
const initializerField = 5;
const outputField = 12;
const insideField = 13;

/** A model's file with one output and what that needs, its weights in a file beside it; all else about it stays. */
export function pointOutside(
  model: DecodedModel,
  {
    body,
    output,
    weights,
  }: { readonly body: Pruned; readonly output: string; readonly weights: BodyWeights },
): Uint8Array<ArrayBuffer> {
  const written = new Set([nodeField, initializerField, outputField, insideField]);
  const graph = [
    ...body.nodes.map(({ field }) => field),
    ...model.graph.fields.filter(({ number }) => !written.has(number)),
    ...body.initializers.map(({ name, field }) => {
      const place = weights.placeOf(name);
      if (place === undefined) return field;
      const fields = readFields(field.value, "a tensor");
      return bytesField(initializerField, pointedAt(fields, weights.file, place));
    }),
    ...model.graph.outputs.filter(({ name }) => name === output).map(({ field }) => field),
  ];
  return joinFields(
    model.fields.map((field) =>
      field.number === graphField ? bytesField(graphField, joinFields(graph)) : field,
    ),
  );
}
