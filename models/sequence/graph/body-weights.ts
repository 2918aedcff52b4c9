import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { bodyTensors, countOf } from "../body.ts";
import { weightFiles } from "../parts.ts";
import type { SequenceShape } from "../shape.ts";
import type { SequenceForm } from "./form.ts";

/** The tensors of a body by name, each declared in the graph. */
export type BodyWeights = (name: string) => Value;

export function declareBody(
  graph: GraphBuilder,
  shape: SequenceShape,
  type: SequenceForm["body"],
): BodyWeights {
  const declared = new Set<string>();
  const file = type === "float32" ? weightFiles.body : weightFiles.bodyHalves;
  const bytesPerElement = type === "float32" ? 4 : 2;
  let offsetBytes = 0;
  for (const { name, dims } of bodyTensors(shape)) {
    declared.add(graph.external({ name, type, dims }, { file, offsetBytes }));
    offsetBytes += bytesPerElement * countOf(dims);
  }
  return (name) => {
    if (!declared.has(name)) throw new Error(`no body has a tensor ${name}`);
    return name;
  };
}
