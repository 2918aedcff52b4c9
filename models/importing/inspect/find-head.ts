import type { DecodedNode, DecodedTensor } from "../../onnx/decode/model.ts";
import type { GraphIndex } from "./graph-index.ts";
import { wholeNumber } from "./whole-number.ts";

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
  /** Of the product, the columns that are left in the scores: from here, so many. */
  readonly offset: number;
  readonly columns: number;
  /** Of all positions only the last is left in the scores: what goes in has one dimension more. */
  readonly isLast: boolean;
  /** In words, e.g. "MatMul with a bias". */
  readonly form: string;
}

const float32 = 1;

/**
 * Looks back from scores to a product with constants: over names, a bias, the choice of the last position, and columns left out at the
 * start or the end. Undefined: they come about in another way.
 * @param rank Of the scores, [batch, items] or [batch, length, items]; undefined: not known, or there is no batch.
 */
export function findHead(
  index: GraphIndex,
  scores: string,
  rank: number | undefined,
): Head | undefined {
  const node = index.producer(scores);
  if (node?.op === "Identity") return findHead(index, node.inputs[0]!, rank);
  if (node?.op === "Add") return headWithBias(index, node, rank);
  if (node?.op === "MatMul") return product(index, node);
  if (node?.op === "Gemm") return gemm(index, node);
  if (node?.op === "Gather" && rank === 2) return headOfLast(index, node);
  return node?.op === "Slice" && rank !== undefined ? headOfColumns(index, node, rank) : undefined;
}

function headWithBias(
  index: GraphIndex,
  { inputs }: DecodedNode,
  rank: number | undefined,
): Head | undefined {
  const [first = "", second = ""] = inputs;
  for (const [scores, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const bias = index.constant(other);
    if (bias?.typeCode !== float32) continue;
    const head = findHead(index, scores, rank);
    if (head === undefined || head.bias !== undefined || head.columns < widthOf(head)) continue;
    if (head.columns === elementsOf(bias))
      return { ...head, bias, form: `${head.form} with a bias` };
  }
  return undefined;
}

/** `logits[:, -1]` */
function headOfLast(index: GraphIndex, { inputs, attributes }: DecodedNode): Head | undefined {
  const axis = attributes.find(({ name }) => name === "axis")?.integer ?? 0;
  const chosen = index.constant(inputs[1]!);
  const isLast = axis === 1 && chosen?.dims.length === 0 && wholeNumber(chosen) === -1;
  const head = isLast ? findHead(index, inputs[0]!, 3) : undefined;
  return head && { ...head, isLast: true };
}

/** `scores[..., 1:]` */
function headOfColumns(index: GraphIndex, { inputs }: DecodedNode, rank: number): Head | undefined {
  const head = findHead(index, inputs[0]!, rank);
  const [start, end, axis, step] = inputs.slice(1).map((input) => {
    const bound = index.constant(input);
    return bound && wholeNumber(bound);
  });
  const isLastAxis = axis === -1 || axis === rank - 1;
  if (head === undefined || start === undefined || end === undefined) return undefined;
  if (!isLastAxis || (step ?? 1) !== 1 || start < 0) return undefined;
  const to = Math.min(head.columns, end < 0 ? head.columns + end : end);
  return { ...head, offset: head.offset + start, columns: Math.max(0, to - start) };
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
      offset: 0,
      columns: widthOf(weight),
      isLast: false,
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
    offset: 0,
    columns: widthOf({ weight: weight.weight, isTransposed }),
    isLast: false,
    form: bias === undefined ? "Gemm" : "Gemm with a bias",
  };
  const fits = added === "" || (bias !== undefined && elementsOf(bias) === head.columns);
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

/** How many columns the product has. */
function widthOf({ weight, isTransposed }: Pick<Head, "weight" | "isTransposed">): number {
  return weight.dims[isTransposed ? 0 : 1]!;
}

function elementsOf({ dims }: DecodedTensor): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
