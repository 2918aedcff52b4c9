import { malformed } from "./fields.ts";
import type { Field } from "./fields.ts";
import { readMessage } from "./message.ts";
import type { Message } from "./message.ts";
import type {
  DecodedAttribute,
  DecodedGraph,
  DecodedModel,
  DecodedNode,
  DecodedValue,
} from "./model.ts";
import { decodeTensor } from "./decode-tensor.ts";

/** Reads the bytes of an `.onnx` file. Throws an Error that says where they are none; allocates nothing by what they claim. */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  const model = readMessage(bytes, "the model");
  const graph = model.one(7);
  const irVersion = model.integer(1);
  if (graph === undefined || irVersion === undefined)
    throw malformed("it has no graph or no version; was it written by another program?");
  return {
    irVersion,
    producer: [model.text(2), model.text(3)].filter((part) => part !== "").join(" "),
    opsets: model.all(8).map((field) => {
      const opset = model.inside(field, "an opset");
      return { domain: standardName(opset.text(1)), version: opset.integer(2) ?? 1 };
    }),
    graph: decodeGraph(graph, model),
    functions: model.all(25).map((field) => {
      const body = model.inside(field, "a function");
      return `${standardName(body.text(10))}:${body.text(1)}`;
    }),
    fields: model.fields,
  };
}

/** The standard has two names. */
function standardName(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function decodeGraph(field: Field, parent: Message): DecodedGraph {
  const graph = parent.inside(field, "a graph");
  return {
    name: graph.text(2),
    nodes: graph.all(1).map((field) => decodeNode(field, graph)),
    initializers: graph.all(5).map((field) => decodeTensor(field, graph)),
    inputs: graph.all(11).map((field) => decodeValue(field, graph)),
    outputs: graph.all(12).map((field) => decodeValue(field, graph)),
    fields: graph.fields,
  };
}

function decodeNode(field: Field, graph: Message): DecodedNode {
  const node = graph.inside(field, "a node");
  return {
    op: node.text(4),
    domain: standardName(node.text(7)),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: node.all(5).map((attribute) => decodeAttribute(attribute, node)),
    field,
  };
}

function decodeAttribute(field: Field, node: Message): DecodedAttribute {
  const attribute = node.inside(field, "an attribute");
  const [float, tensor] = [attribute.one(2), attribute.one(5)];
  return {
    name: attribute.text(1),
    integer: attribute.integer(3),
    float: float?.value.length === 4 ? readFloat(float.value) : undefined,
    integers: attribute.integers(8),
    tensor: tensor && decodeTensor(tensor, attribute),
    graphs: graphFields(attribute).map((graph) => decodeGraph(graph, attribute)),
  };
}

/** Branches: one, or a list. */
function graphFields(attribute: Message): readonly Field[] {
  const one = attribute.one(6);
  return [...(one === undefined ? [] : [one]), ...attribute.all(11)];
}

function readFloat(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

function decodeValue(field: Field, graph: Message): DecodedValue {
  const value = graph.inside(field, "a value");
  const typeField = value.one(2);
  const type = typeField && value.inside(typeField, "a type");
  const tensor = type?.one(1);
  if (type === undefined || tensor === undefined)
    return { name: value.text(1), typeCode: undefined, dims: undefined, field };
  const tensorType = type.inside(tensor, "a tensor type");
  const shape = tensorType.one(2);
  const dims = shape && decodeShape(tensorType.inside(shape, "a shape"));
  return { name: value.text(1), typeCode: tensorType.integer(1), dims, field };
}

function decodeShape(shape: Message): (number | string)[] {
  return shape.all(1).map((field) => {
    const dim = shape.inside(field, "a dimension");
    return dim.integer(1) ?? dim.text(2);
  });
}
