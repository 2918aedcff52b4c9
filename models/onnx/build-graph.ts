import type {
  Attribute,
  Dim,
  ElementType,
  ExternalBytes,
  Graph,
  Initializer,
  Node,
  ValueInfo,
} from "./graph.ts";
import { byteLengthOf } from "./element-type.ts";

/** The name of a value inside a graph. */
export type Value = string;

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Names for the outputs, where they matter. By default they are made from the op. */
  readonly outputs?: readonly string[];
  /** "com.microsoft" for the runtime's own ops. Default: the ONNX standard. */
  readonly domain?: string;
}

export interface SeveralOptions extends Omit<NodeOptions, "outputs"> {
  readonly outputs: number | readonly string[];
}

/** Collects a graph in the order of the calls; the same calls give the same graph, name for name. */
export interface GraphBuilder {
  input(name: string, type: ElementType, dims: readonly Dim[]): Value;
  /** Declares a computed value to be an output, under its own name. */
  output(name: Value, type: ElementType, dims: readonly Dim[]): void;
  /** Adds a node and returns its first output. */
  node(op: string, inputs: readonly Value[], options?: NodeOptions): Value;
  /** The same for nodes with several outputs: all of them, in order. `outputs` names or counts them. */
  several(op: string, inputs: readonly Value[], options: SeveralOptions): readonly Value[];
  float32(values: number | readonly number[]): Value;
  int32(values: number | readonly number[]): Value;
  int64(values: number | readonly number[]): Value;
  uint8(values: number | readonly number[]): Value;
  int8(values: number | readonly number[]): Value;
  /** A tensor stored in a file beside the model. */
  external(info: TensorShape, source: Pick<ExternalBytes, "file"> & Partial<ExternalBytes>): Value;
  /** A graph that sees what was built so far: for the attributes of `If`. */
  branch(name: string, build: (inner: GraphBuilder) => void): Graph;
}

export interface TensorShape {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

export function buildGraph(name: string, build: (graph: GraphBuilder) => void): Graph {
  return collect(name, createNames(), build);
}

type Names = (prefix: string) => string;

/** One counter for a graph and its branches: their names must not collide. */
function createNames(): Names {
  let next = 0;
  return (prefix) => `${prefix}_${next++}`;
}

function collect(name: string, names: Names, build: (graph: GraphBuilder) => void): Graph {
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: Initializer[] = [];
  const nodes: Node[] = [];

  const several: GraphBuilder["several"] = (
    op,
    inputs,
    { outputs, domain = "", attributes = {} },
  ) => {
    const named =
      typeof outputs === "number" ? Array.from({ length: outputs }, () => names(op)) : outputs;
    nodes.push({ op, domain, inputs, outputs: named, attributes });
    return named;
  };
  const inline = (type: ElementType, values: number | readonly number[]): Value => {
    const dims = typeof values === "number" ? [] : [values.length];
    const list = typeof values === "number" ? [values] : values;
    const info = { name: names(type), type, dims };
    initializers.push({ ...info, bytes: bytesOf(type, list) });
    return info.name;
  };

  build({
    input: (name, type, dims) => {
      inputs.push({ name, type, dims });
      return name;
    },
    output: (name, type, dims) => {
      outputs.push({ name, type, dims });
    },
    node: (op, inputs, options = {}) => several(op, inputs, { outputs: 1, ...options })[0]!,
    several,
    float32: (values) => inline("float32", values),
    int32: (values) => inline("int32", values),
    int64: (values) => inline("int64", values),
    uint8: (values) => inline("uint8", values),
    int8: (values) => inline("int8", values),
    external: (
      info,
      { file, offsetBytes = 0, lengthBytes = byteLengthOf(info.type, info.dims) },
    ) => {
      initializers.push({ ...info, bytes: { file, offsetBytes, lengthBytes } });
      return info.name;
    },
    branch: (name, build) => collect(name, names, build),
  });
  return { name, inputs, initializers, nodes, outputs };
}

function bytesOf(type: ElementType, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(byteLengthOf(type, [values.length]));
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (type === "float32") view.setFloat32(4 * index, value, true);
    else if (type === "int32") view.setInt32(4 * index, value, true);
    else if (type === "int64") view.setBigInt64(8 * index, BigInt(value), true);
    else view.setUint8(index, value & 0xff);
  }
  return bytes;
}
