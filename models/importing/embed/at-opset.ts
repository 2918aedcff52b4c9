import type { Graph, Initializer, Node } from "../../onnx/graph.ts";
import { branchesOf } from "../../onnx/graph.ts";

/**
 * A graph of ours, which is written for opset 18, as an older opset writes it: nodes around an imported body share its opset. Knows the
 * operators that ranking uses, no others.
 */
export function atOpset(graph: Graph, opset: number): Graph {
  return opset >= 18 ? graph : rewritten(graph, opset, new Map());
}

type Constants = ReadonlyMap<string, Initializer>;

function rewritten(graph: Graph, opset: number, outer: Constants): Graph {
  const constants = new Map([
    ...outer,
    ...graph.initializers.map((one) => [one.name, one] as const),
  ]);
  const added: Initializer[] = [];
  const nodes = graph.nodes.flatMap((node) => {
    const inner = branchesOf(node).length > 0 ? inBranches(node, opset, constants) : node;
    if (inner.op === "ReduceMax") return [axesAsAttribute(inner, constants)];
    return inner.op === "Shape" && opset < 15 ? sliceOfShape(inner, added) : [inner];
  });
  return { ...graph, nodes, initializers: [...graph.initializers, ...added] };
}

function inBranches(node: Node, opset: number, constants: Constants): Node {
  const attributes = Object.entries(node.attributes).map(([name, value]) => [
    name,
    typeof value === "object" && "nodes" in value ? rewritten(value, opset, constants) : value,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) as Node["attributes"] };
}

/** Reductions but the sum take their axes as an input since opset 18. */
function axesAsAttribute(node: Node, constants: Constants): Node {
  const [value, axes] = node.inputs;
  const numbers = int64s(constants.get(axes!)!);
  return { ...node, inputs: [value!], attributes: { ...node.attributes, axes: numbers } };
}

function int64s({ bytes }: Initializer): number[] {
  const { buffer, byteOffset, byteLength } = bytes as Uint8Array;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/** A part of a shape can be asked for since opset 15. */
function sliceOfShape(node: Node, added: Initializer[]): Node[] {
  const { start, end } = node.attributes as { readonly start?: number; readonly end?: number };
  if (start === undefined) return [node];
  const [output = ""] = node.outputs;
  const whole = `${output}_whole`;
  const bound = (name: string, value: number): string => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
    added.push({ name: `${output}_${name}`, type: "int64", dims: [1], bytes });
    return `${output}_${name}`;
  };
  return [
    { ...node, outputs: [whole], attributes: {} },
    {
      ...node,
      op: "Slice",
      inputs: [whole, bound("start", start), bound("end", end!)],
      attributes: {},
    },
  ];
}
