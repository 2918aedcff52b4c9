import type { DecodedNode, DecodedTensor } from "../../onnx/decode/model.ts";
import type { GraphIndex } from "./graph-index.ts";

export interface ItemTable {
  /** The node that looks vectors up. */
  readonly lookup: DecodedNode;
  /** [rows, dims] */
  readonly tensor: DecodedTensor;
  readonly rows: number;
  readonly dims: number;
}

const passingOn = new Set([
  "Cast",
  "Identity",
  "Unsqueeze",
  "Squeeze",
  "Reshape",
  "Flatten",
  "Clip",
]);
const float32 = 1;

/** Where the ids of the sequence become vectors; undefined: it could not be followed. */
export function findItemTable(index: GraphIndex, sequence: string): ItemTable | undefined {
  for (const node of index.readers(sequence)) {
    const [data, ids] = node.inputs;
    const tensor = node.op === "Gather" && ids === sequence ? index.constant(data!) : undefined;
    if (tensor?.typeCode === float32 && tensor.dims.length === 2 && axisOf(node) === 0)
      return { lookup: node, tensor, rows: tensor.dims[0]!, dims: tensor.dims[1]! };
    const isSame = passingOn.has(node.op) && node.inputs[0] === sequence;
    const found = isSame ? findItemTable(index, node.outputs[0]!) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function axisOf({ attributes }: DecodedNode): number {
  return attributes.find(({ name }) => name === "axis")?.integer ?? 0;
}
