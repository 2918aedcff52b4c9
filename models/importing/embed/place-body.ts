import { bytesField, joinFields } from "../../onnx/decode/encode-fields.ts";
import { readFields, type Field } from "../../onnx/decode/fields.ts";
import { branchesOf, type Graph, type Node } from "../../onnx/graph.ts";

/** A node of this domain stands where the body goes: its inputs and outputs are the body's, by the names that `theirs` gives. */
export const bodyDomain = "crossfade.body";

export type Written = Pick<Field, "bytes">;

const nodeField = 1;
const attributeField = 5;
const graphField = 6;

/**
 * The fields of a graph that was written, with nodes in the place of the one that stands for the body. It may stand in a branch or a loop:
 * those see what the graphs around them have.
 */
export function placeBody(
  graph: Graph,
  fields: readonly Field[],
  body: readonly Written[],
): readonly Written[] {
  const nodes = fields.filter(({ number }) => number === nodeField);
  return [
    ...graph.nodes.flatMap((node, i): readonly Written[] => {
      if (node.domain === bodyDomain) return body;
      const field = nodes[i]!;
      return branchesOf(node).some(hasBody) ? [inBranches(node, field, body)] : [field];
    }),
    ...fields.filter(({ number }) => number !== nodeField),
  ];
}

function hasBody({ nodes }: Graph): boolean {
  return nodes.some((node) => node.domain === bodyDomain || branchesOf(node).some(hasBody));
}

function inBranches(node: Node, { value }: Field, body: readonly Written[]): Written {
  const values = Object.values(node.attributes);
  let next = 0;
  const fields = readFields(value, "a node").map((field): Written => {
    if (field.number !== attributeField) return field;
    const attribute = values[next++]!;
    const isInside = typeof attribute === "object" && "nodes" in attribute && hasBody(attribute);
    return isInside ? inAttribute(attribute, field, body) : field;
  });
  return bytesField(nodeField, joinFields(fields));
}

function inAttribute(graph: Graph, { value }: Field, body: readonly Written[]): Written {
  const fields = readFields(value, "an attribute").map((field): Written => {
    if (field.number !== graphField) return field;
    const placed = placeBody(graph, readFields(field.value, "a graph"), body);
    return bytesField(graphField, joinFields(placed));
  });
  return bytesField(attributeField, joinFields(fields));
}
