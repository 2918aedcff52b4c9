import type { DecodedGraph, DecodedNode, DecodedTensor } from "../../onnx/decode/model.ts";
import { valuesRead } from "../inspect/graph-index.ts";

export interface Pruned {
  readonly nodes: readonly DecodedNode[];
  readonly initializers: readonly DecodedTensor[];
}

/** What a value needs, in the order of the file. */
export function needsOf({ nodes, initializers }: DecodedGraph, value: string): Pruned {
  const needed = new Set([value]);
  const kept = new Set<DecodedNode>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.add(node);
    for (const input of valuesRead(node)) needed.add(input);
  }
  return {
    nodes: nodes.filter((node) => kept.has(node)),
    initializers: initializers.filter(({ name }) => needed.has(name)),
  };
}
