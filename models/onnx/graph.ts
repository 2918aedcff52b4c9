import type { TensorType } from "../tensors.ts";

/** What an ONNX graph computes with: the types that cross the runtime's border, and truth values inside. */
export type ElementType = TensorType | "bool";

/** A name stands for a size that each run chooses. */
export type Dim = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dim[];
}

/** Bytes of a file beside the model: mapped by the runtime, and shareable between graphs. */
export interface ExternalBytes {
  /** Relative to the folder of the model file. */
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array | ExternalBytes;
}

/** ONNX tells integers from floats, JavaScript does not: a bare number is an integer. */
export type Attribute = number | readonly number[] | string | { readonly float: number } | Graph;

export interface Node {
  readonly op: string;
  /** "" is the ONNX standard. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A branch (of `If`) is a graph too: without inputs, it sees the values of the graphs around it. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly initializers: readonly Initializer[];
  /** Producers before consumers. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly ValueInfo[];
}

export function isExternal(bytes: Uint8Array | ExternalBytes): bytes is ExternalBytes {
  return "file" in bytes;
}

/** The graphs inside a node: branches. */
export function branchesOf(node: Node): readonly Graph[] {
  return Object.values(node.attributes).filter(
    (value) => typeof value === "object" && "nodes" in value,
  );
}
