import { malformed } from "../../onnx/decode/fields.ts";
import type { DecodedGraph, DecodedNode, DecodedTensor } from "../../onnx/decode/model.ts";

/** Where the values of a graph come from, and who reads them. */
export interface GraphIndex {
  readonly graph: DecodedGraph;
  producer(value: string): DecodedNode | undefined;
  /** Each once, however often it reads the value. */
  readers(value: string): readonly DecodedNode[];
  /** Through constants and other names of the same value; undefined for what is computed. */
  constant(value: string): DecodedTensor | undefined;
}

export function indexGraph(graph: DecodedGraph): GraphIndex {
  const producers = new Map<string, DecodedNode>();
  const readers = new Map<string, DecodedNode[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output !== "" && producers.has(output))
        throw malformed(`two of its nodes compute "${output}"`);
      producers.set(output, node);
    }
    for (const input of new Set(node.inputs)) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [node]);
      else known.push(node);
    }
  }
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));

  const constant = (value: string): DecodedTensor | undefined => {
    const known = initializers.get(value);
    if (known !== undefined) return known;
    const node = producers.get(value);
    if (node?.op === "Constant")
      return node.attributes.find(({ name }) => name === "value")?.tensor;
    return node?.op === "Identity" ? constant(node.inputs[0]!) : undefined;
  };
  return {
    graph,
    producer: (value) => producers.get(value),
    readers: (value) => readers.get(value) ?? [],
    constant,
  };
}

/** Everything that a node reads, also in its branches. */
export function valuesRead(node: DecodedNode): readonly string[] {
  const nested = node.attributes.flatMap(({ graphs }) =>
    graphs.flatMap(({ nodes, outputs }) => [
      ...nodes.flatMap(valuesRead),
      ...outputs.map(({ name }) => name),
    ]),
  );
  return [...node.inputs, ...nested];
}
