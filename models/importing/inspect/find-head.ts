import type { DecodedNode, DecodedTensor } from "../../onnx/decode/model.ts";
import type { GraphIndex } from "./graph-index.ts";

/** The last product of a model: vectors times one column for each item. */
export interface Head {
  /** The value that goes in: [..., dims]. */
  readonly hidden: string;
  readonly weight: DecodedTensor;
  /** [rows, dims] rather than [dims, rows]. */
  readonly isTransposed: boolean;
  readonly bias: DecodedTensor | undefined;
  readonly weightFactor: number;
  readonly biasFactor: number;
  /** In words, e.g. "MatMul with a bias". */
  readonly form: string;
}

const float32 = 1;

/** Looks back from scores over names and a bias to a product with constants. Undefined: they come about in another way. */
export function findHead(index: GraphIndex, scores: string): Head | undefined {
  const node = index.producer(scores);
  if (node?.op === "Identity") return findHead(index, node.inputs[0]!);
  if (node?.op === "Add") return headWithBias(index, node);
  if (node?.op === "MatMul") return product(index, node);
  return node?.op === "Gemm" ? gemm(index, node) : undefined;
}

function headWithBias(index: GraphIndex, { inputs }: DecodedNode): Head | undefined {
  const [first = "", second = ""] = inputs;
  for (const [scores, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const bias = index.constant(other);
    const node = index.producer(scores);
    const head = node?.op === "MatMul" ? product(index, node) : undefined;
    if (bias?.typeCode === float32 && head !== undefined && widthOf(head) === elementsOf(bias))
      return { ...head, bias, form: `${head.form} with a bias` };
  }
  return undefined;
}

function product(index: GraphIndex, { inputs }: DecodedNode): Head | undefined {
  const [hidden, right] = inputs;
  const weight = matrix(index, right!);
  return (
    weight && {
      hidden: hidden!,
      ...weight,
      bias: undefined,
      weightFactor: 1,
      biasFactor: 1,
      form: "MatMul",
    }
  );
}

function gemm(index: GraphIndex, node: DecodedNode): Head | undefined {
  const attribute = (name: string) => node.attributes.find((one) => one.name === name);
  const [hidden, right, added = ""] = node.inputs;
  const weight = matrix(index, right!);
  if (weight === undefined || (attribute("transA")?.integer ?? 0) !== 0) return undefined;
  const isTransposed = ((attribute("transB")?.integer ?? 0) !== 0) !== weight.isTransposed;
  const bias = added === "" ? undefined : index.constant(added);
  const head: Head = {
    hidden: hidden!,
    weight: weight.weight,
    isTransposed,
    bias,
    weightFactor: attribute("alpha")?.float ?? 1,
    biasFactor: attribute("beta")?.float ?? 1,
    form: bias === undefined ? "Gemm" : "Gemm with a bias",
  };
  const fits = added === "" || (bias !== undefined && elementsOf(bias) === widthOf(head));
  return fits ? head : undefined;
}

function matrix(index: GraphIndex, value: string) {
  const direct = index.constant(value);
  const node = index.producer(value);
  const turned = node?.op === "Transpose" ? index.constant(node.inputs[0]!) : undefined;
  const weight = direct ?? turned;
  const isMatrix = weight?.typeCode === float32 && weight.dims.length === 2;
  return isMatrix ? { weight, isTransposed: direct === undefined } : undefined;
}

/** How many items it scores. */
export function widthOf({ weight, isTransposed }: Pick<Head, "weight" | "isTransposed">): number {
  return weight.dims[isTransposed ? 0 : 1]!;
}

function elementsOf({ dims }: DecodedTensor): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
