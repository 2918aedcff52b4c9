import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast } from "../../onnx/operators.ts";
import {
  bodyTypeOf,
  declareBody,
  type BodyFiles,
  type BodyForm,
} from "../../ranking/graph/body-weights.ts";
import { bodyTensors } from "../body.ts";
import { weightFiles } from "../parts.ts";
import type { Activation, ColdStartShape } from "../shape.ts";

const bodyFiles: BodyFiles = {
  float32: weightFiles.body,
  float16: weightFiles.bodyHalves,
  int8: weightFiles.bodyCodes,
  scales: weightFiles.bodyScales,
};

/** float32 [rows, in] -> [rows, out], whatever the layer is computed in. */
export type Layer = (graph: GraphBuilder, rows: Value) => Value;

/** Projector and head, layer by layer. */
export interface Layers {
  readonly projectorIn: Layer;
  /** Without its bias, which means of fewer tracks than all get less of. */
  readonly projectorOut: Layer;
  /** float32 [dims] */
  readonly projectorBias: Value;
  readonly headIn: Layer;
  readonly headOut: Layer;
}

export function declareLayers(graph: GraphBuilder, shape: ColdStartShape, form: BodyForm): Layers {
  const body = declareBody(graph, { tensors: bodyTensors(shape), form, files: bodyFiles });
  const type = bodyTypeOf(form);
  const isExact = type === "float32";
  const layer =
    (name: string, { hasBias, activation }: LayerKind): Layer =>
    (inner, rows) => {
      const weights = [body(`${name}.weight`), ...(hasBias ? [body(`${name}.bias`)] : [])];
      const typed = isExact ? rows : cast(inner, rows, type);
      const active = activate(inner, inner.node("Gemm", [typed, ...weights]), activation);
      return isExact ? active : cast(inner, active, "float32");
    };
  const bias = body("projector_out.bias");
  const { activation } = shape;
  return {
    projectorIn: layer("projector_in", { hasBias: true, activation }),
    projectorOut: layer("projector_out", { hasBias: false, activation: "none" }),
    projectorBias: isExact ? bias : cast(graph, bias, "float32"),
    headIn: layer("head_in", { hasBias: true, activation }),
    headOut: layer("head_out", { hasBias: true, activation: "none" }),
  };
}

interface LayerKind {
  readonly hasBias: boolean;
  readonly activation: Activation;
}

function activate(graph: GraphBuilder, value: Value, activation: Activation): Value {
  if (activation === "none") return value;
  if (activation === "relu") return graph.node("Relu", [value]);
  return graph.node("Gelu", [value], { domain: "com.microsoft" });
}

/** What scores the catalogue, of the mean of the tracks: [B, dims] both. */
export function head(graph: GraphBuilder, mean: Value, { headIn, headOut }: Layers): Value {
  return graph.node("Add", [mean, headOut(graph, headIn(graph, mean))]);
}
