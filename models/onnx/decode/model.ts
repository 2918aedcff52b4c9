import type { Field } from "./fields.ts";

/**
 * An ONNX model as it was read. What is understood has names; `fields` are all that there was, in order and byte for byte, so that a
 * model written again differs in nothing but what was changed on purpose.
 */
export interface DecodedModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly Opset[];
  readonly graph: DecodedGraph;
  /** Functions that the model brings along, as "domain:name". */
  readonly functions: readonly string[];
  readonly fields: readonly Field[];
}

export interface Opset {
  /** "" is the ONNX standard. */
  readonly domain: string;
  readonly version: number;
}

export interface DecodedGraph {
  readonly name: string;
  readonly nodes: readonly DecodedNode[];
  readonly initializers: readonly DecodedTensor[];
  readonly inputs: readonly DecodedValue[];
  readonly outputs: readonly DecodedValue[];
  readonly fields: readonly Field[];
}

export interface DecodedNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly DecodedAttribute[];
  readonly field: Field;
}

export interface DecodedAttribute {
  readonly name: string;
  readonly integer: number | undefined;
  readonly float: number | undefined;
  readonly integers: readonly number[];
  readonly tensor: DecodedTensor | undefined;
  readonly graphs: readonly DecodedGraph[];
}

export interface DecodedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** `TensorProto.DataType` */
  readonly typeCode: number;
  readonly content: TensorContent;
  readonly field: Field;
}

export type TensorContent =
  | { readonly kind: "raw"; readonly bytes: Uint8Array }
  /** Numbers in a field of their kind, as some exporters write them. */
  | { readonly kind: "typed"; readonly fields: readonly Field[] }
  | { readonly kind: "external"; readonly at: ExternalPlace };

export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  /** Undefined: what the dims need. */
  readonly length: number | undefined;
}

export interface DecodedValue {
  readonly name: string;
  /** `TensorProto.DataType`; undefined: it is no tensor. */
  readonly typeCode: number | undefined;
  /** Numbers are fixed, names chosen by each run, "" is free without a name. Undefined: not even their number is known. */
  readonly dims: readonly (number | string)[] | undefined;
  readonly field: Field;
}
