import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast } from "../../onnx/operators.ts";
import { bodyTensors, countOf, isMatrix, type BodyTensor } from "../body.ts";
import { weightFiles } from "../parts.ts";
import type { SequenceShape } from "../shape.ts";
import type { SequenceForm } from "./form.ts";

/** The tensors of a body by name, each declared in the graph. */
export type BodyWeights = (name: string) => Value;

export function declareBody(
  graph: GraphBuilder,
  shape: SequenceShape,
  form: SequenceForm["body"],
): BodyWeights {
  const declare = form === "int8" ? quantizedTensors(graph) : plainTensors(graph, form);
  const declared = new Map(bodyTensors(shape).map((tensor) => [tensor.name, declare(tensor)]));
  return (name) => {
    const value = declared.get(name);
    if (value === undefined) throw new Error(`no body has a tensor ${name}`);
    return value;
  };
}

type Declare = (tensor: BodyTensor) => Value;

function plainTensors(graph: GraphBuilder, type: "float32" | "float16"): Declare {
  const file = type === "float32" ? weightFiles.body : weightFiles.bodyHalves;
  return inOrder(graph, { file, type, bytesPerElement: type === "float32" ? 4 : 2 });
}

/** As `quantizedBodyOf` puts them into two files. */
function quantizedTensors(graph: GraphBuilder): Declare {
  const codes = inOrder(graph, { file: weightFiles.bodyCodes, type: "int8", bytesPerElement: 1 });
  const floats = inOrder(graph, {
    file: weightFiles.bodyScales,
    type: "float32",
    bytesPerElement: 4,
  });
  return (tensor) => {
    if (!isMatrix(tensor)) return floats(tensor);
    const { name, dims } = tensor;
    const scales = floats({ name: `${name}_scales`, dims: [1, dims[1]!] });
    return graph.node("Mul", [cast(graph, codes(tensor), "float32"), scales]);
  };
}

interface Source {
  readonly file: string;
  readonly type: "float32" | "float16" | "int8";
  readonly bytesPerElement: number;
}

/** Each lies behind the one that was declared before. */
function inOrder(graph: GraphBuilder, { file, type, bytesPerElement }: Source) {
  let offsetBytes = 0;
  return ({ name, dims }: Pick<BodyTensor, "name" | "dims">): Value => {
    const value = graph.external({ name, type, dims }, { file, offsetBytes });
    offsetBytes += bytesPerElement * countOf(dims);
    return value;
  };
}
