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
      const opset = readMessage(field.value, "an opset");
      return { domain: standardName(opset.text(1)), version: opset.integer(2) ?? 1 };
    }),
    graph: decodeGraph(graph.value, 1),
    functions: model.all(25).map((field) => {
      const body = readMessage(field.value, "a function");
      return `${standardName(body.text(10))}:${body.text(1)}`;
    }),
    fields: model.fields,
  };
}

/** The standard has two names. */
function standardName(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

export function decodeGraph(bytes: Uint8Array, depth: number): DecodedGraph {
  const graph = readMessage(bytes, "a graph", depth);
  return {
    name: graph.text(2),
    nodes: graph.all(1).map((field) => decodeNode(field, depth + 1)),
    initializers: graph.all(5).map(decodeTensor),
    inputs: graph.all(11).map(decodeValue),
    outputs: graph.all(12).map(decodeValue),
    fields: graph.fields,
  };
}

function decodeNode(field: Field, depth: number): DecodedNode {
  const node = readMessage(field.value, "a node", depth);
  return {
    op: node.text(4),
    domain: standardName(node.text(7)),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: node.all(5).map(({ value }) => decodeAttribute(value, depth + 1)),
    field,
  };
}

function decodeAttribute(bytes: Uint8Array, depth: number): DecodedAttribute {
  const attribute = readMessage(bytes, "an attribute", depth);
  const [float, tensor] = [attribute.one(2), attribute.one(5)];
  return {
    name: attribute.text(1),
    integer: attribute.integer(3),
    float: float?.value.length === 4 ? readFloat(float.value) : undefined,
    integers: attribute.integers(8),
    tensor: tensor && decodeTensor(tensor),
    graphs: graphFields(attribute).map(({ value }) => decodeGraph(value, depth + 1)),
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

function decodeValue(field: Field): DecodedValue {
  const value = readMessage(field.value, "a value");
  const type = value.one(2);
  const tensor = type && readMessage(type.value, "a type").one(1);
  if (tensor === undefined)
    return { name: value.text(1), typeCode: undefined, dims: undefined, field };
  const tensorType = readMessage(tensor.value, "a tensor type");
  const shape = tensorType.one(2);
  const dims = shape && readMessage(shape.value, "a shape").all(1).map(decodeDim);
  return { name: value.text(1), typeCode: tensorType.integer(1), dims, field };
}

function decodeDim(field: Field): number | string {
  const dim = readMessage(field.value, "a dimension");
  return dim.integer(1) ?? dim.text(2);
}
