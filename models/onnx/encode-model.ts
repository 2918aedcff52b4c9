import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { checkGraph } from "./check-graph.ts";
import { codeOf } from "./element-type.ts";
import { branchesOf, isExternal } from "./graph.ts";
import type { Attribute, ExternalBytes, Graph, Initializer, Node, ValueInfo } from "./graph.ts";

/** ONNX 1.13: the oldest pair in which every reduction takes its axes as an input. */
const irVersion = 8;
const onnxOpset = 18;
const contribOpset = 1;

/**
 * The bytes of an `.onnx` file: the same graph gives the same bytes.
 * Field numbers are those of onnx.proto; a field that the graph does not need is not written.
 */
export function encodeModel(graph: Graph): Uint8Array<ArrayBuffer> {
  checkGraph(graph);
  const out = new BinaryWriter();
  integer(out, 1, irVersion);
  text(out, 2, "crossfade");
  message(out, 7, () => writeGraph(out, graph));
  for (const domain of domainsOf(graph)) {
    message(out, 8, () => {
      text(out, 1, domain);
      integer(out, 2, domain === "" ? onnxOpset : contribOpset);
    });
  }
  return out.finish();
}

/** The graph alone, as a field of a model holds it: for models whose other fields are somebody else's. */
export function encodeGraph(graph: Graph): Uint8Array<ArrayBuffer> {
  checkGraph(graph);
  const out = new BinaryWriter();
  writeGraph(out, graph);
  return out.finish();
}

/** Of its nodes and those in its branches, in order; the standard's is always there. */
export function domainsOf(graph: Graph): string[] {
  const domains = new Set([""]);
  const visit = (inner: Graph): void => {
    for (const node of inner.nodes) {
      domains.add(node.domain);
      branchesOf(node).forEach(visit);
    }
  };
  visit(graph);
  return [...domains].sort();
}

function writeGraph(out: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(out, 1, () => writeNode(out, node));
  text(out, 2, graph.name);
  for (const initializer of graph.initializers)
    message(out, 5, () => writeInitializer(out, initializer));
  for (const input of graph.inputs) message(out, 11, () => writeValueInfo(out, input));
  for (const output of graph.outputs) message(out, 12, () => writeValueInfo(out, output));
}

function writeNode(out: BinaryWriter, node: Node): void {
  for (const input of node.inputs) text(out, 1, input);
  for (const output of node.outputs) text(out, 2, output);
  // A node is named after its first output, so that a runtime's error points at it.
  text(out, 3, node.outputs[0] ?? "");
  text(out, 4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(out, 5, () => {
      text(out, 1, name);
      writeAttribute(out, value);
    });
  }
  text(out, 7, node.domain);
}

const attributeType = { float: 1, integer: 2, string: 3, graph: 5, integers: 7 };

function writeAttribute(out: BinaryWriter, value: Attribute): void {
  if (typeof value === "number") {
    integer(out, 3, value);
    integer(out, 20, attributeType.integer);
  } else if (typeof value === "string") {
    text(out, 4, value);
    integer(out, 20, attributeType.string);
  } else if ("float" in value) {
    out.tag(2, WireType.Bit32).float(value.float);
    integer(out, 20, attributeType.float);
  } else if ("nodes" in value) {
    message(out, 6, () => writeGraph(out, value));
    integer(out, 20, attributeType.graph);
  } else {
    for (const item of value) integer(out, 8, item);
    integer(out, 20, attributeType.integers);
  }
}

function writeInitializer(out: BinaryWriter, { name, type, dims, bytes }: Initializer): void {
  for (const dim of dims) integer(out, 1, dim);
  integer(out, 2, codeOf(type));
  text(out, 8, name);
  if (isExternal(bytes)) writeExternal(out, bytes);
  else out.tag(9, WireType.LengthDelimited).bytes(bytes);
}

const externalLocation = 1;

function writeExternal(out: BinaryWriter, { file, offsetBytes, lengthBytes }: ExternalBytes): void {
  for (const [key, value] of Object.entries({
    location: file,
    offset: `${offsetBytes}`,
    length: `${lengthBytes}`,
  })) {
    message(out, 13, () => {
      text(out, 1, key);
      text(out, 2, value);
    });
  }
  integer(out, 14, externalLocation);
}

function writeValueInfo(out: BinaryWriter, { name, type, dims }: ValueInfo): void {
  text(out, 1, name);
  message(out, 2, () =>
    message(out, 1, () => {
      integer(out, 1, codeOf(type));
      message(out, 2, () => {
        for (const dim of dims) {
          message(out, 1, () =>
            typeof dim === "number" ? integer(out, 1, dim) : text(out, 2, dim),
          );
        }
      });
    }),
  );
}

function integer(out: BinaryWriter, field: number, value: number): void {
  out.tag(field, WireType.Varint).int64(value);
}

function text(out: BinaryWriter, field: number, value: string): void {
  out.tag(field, WireType.LengthDelimited).string(value);
}

function message(out: BinaryWriter, field: number, write: () => void): void {
  out.tag(field, WireType.LengthDelimited).fork();
  write();
  out.join();
}
