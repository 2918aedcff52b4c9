import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast } from "../../onnx/operators.ts";
import { countOf, isMatrix, type BodyTensor } from "../body-tensors.ts";

/**
 * How the tensors of a body are stored. float16 computes in float16, too; int8 stores matrices in int8, each column on a scale of its
 * own, and computes in float32: the runtime converts them when it loads.
 */
export type BodyForm = "float32" | "float16" | "int8";

/** What a body is computed in. */
export type BodyType = "float32" | "float16";

export function bodyTypeOf(form: BodyForm): BodyType {
  return form === "float16" ? "float16" : "float32";
}

/** The files that hold a body, by its form. */
export interface BodyFiles {
  /** `bodyOf`, in either type */
  readonly float32: string;
  readonly float16: string;
  /** int8 and float32, `quantizedBodyOf` */
  readonly int8: string;
  readonly scales: string;
}

/** The tensors of a body by name, each declared in the graph. */
export type BodyWeights = (name: string) => Value;

type Tensor = Pick<BodyTensor<never>, "name" | "dims">;

export interface Body {
  readonly tensors: readonly Tensor[];
  readonly form: BodyForm;
  readonly files: BodyFiles;
}

export function declareBody(graph: GraphBuilder, { tensors, form, files }: Body): BodyWeights {
  const declare =
    form === "int8"
      ? quantizedTensors(graph, files)
      : inOrder(graph, { file: files[form], type: form });
  const declared = new Map(tensors.map((tensor) => [tensor.name, declare(tensor)]));
  return (name) => {
    const value = declared.get(name);
    if (value === undefined) throw new Error(`no body has a tensor ${name}`);
    return value;
  };
}

/** As `quantizedBodyOf` puts them into two files. */
function quantizedTensors(graph: GraphBuilder, files: BodyFiles) {
  const codes = inOrder(graph, { file: files.int8, type: "int8" });
  const floats = inOrder(graph, { file: files.scales, type: "float32" });
  return (tensor: Tensor): Value => {
    if (!isMatrix(tensor)) return floats(tensor);
    const { name, dims } = tensor;
    const scales = floats({ name: `${name}_scales`, dims: [1, dims[1]!] });
    return graph.node("Mul", [cast(graph, codes(tensor), "float32"), scales]);
  };
}

interface Source {
  readonly file: string;
  readonly type: "float32" | "float16" | "int8";
}

const bytesPerElement = { float32: 4, float16: 2, int8: 1 };

/** Each lies behind the one that was declared before. */
function inOrder(graph: GraphBuilder, { file, type }: Source) {
  let offsetBytes = 0;
  return ({ name, dims }: Tensor): Value => {
    const value = graph.external({ name, type, dims }, { file, offsetBytes });
    offsetBytes += bytesPerElement[type] * countOf(dims);
    return value;
  };
}
