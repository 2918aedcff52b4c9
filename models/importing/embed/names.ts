import { branchesOf } from "../../onnx/graph.ts";
import type { Attribute, Graph, Node } from "../../onnx/graph.ts";
import type { DecodedGraph } from "../../onnx/decode/model.ts";

/** Every name of a value in a graph and its branches. */
export function namesIn(graph: DecodedGraph): Set<string> {
  const names = new Set<string>();
  const visit = ({ nodes, initializers, inputs, outputs }: DecodedGraph): void => {
    for (const { name } of [...initializers, ...inputs, ...outputs]) names.add(name);
    for (const node of nodes) {
      for (const name of [...node.inputs, ...node.outputs]) names.add(name);
      for (const { graphs } of node.attributes) graphs.forEach(visit);
    }
  };
  visit(graph);
  return names;
}

/** The same graph with other names for its values, also in branches. */
export function renamed(graph: Graph, rename: (name: string) => string): Graph {
  const valueOf = <Value extends { readonly name: string }>(value: Value): Value => ({
    ...value,
    name: rename(value.name),
  });
  const attributeOf = (value: Attribute): Attribute =>
    typeof value === "object" && "nodes" in value ? renamed(value, rename) : value;
  const nodeOf = (node: Node): Node => ({
    ...node,
    inputs: node.inputs.map((name) => (name === "" ? "" : rename(name))),
    outputs: node.outputs.map(rename),
    attributes:
      branchesOf(node).length === 0
        ? node.attributes
        : Object.fromEntries(
            Object.entries(node.attributes).map(([key, value]) => [key, attributeOf(value)]),
          ),
  });
  return {
    ...graph,
    inputs: graph.inputs.map(valueOf),
    initializers: graph.initializers.map(valueOf),
    nodes: graph.nodes.map(nodeOf),
    outputs: graph.outputs.map(valueOf),
  };
}
