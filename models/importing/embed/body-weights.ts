import { bytesField, integerField, textField } from "../../onnx/decode/encode-fields.ts";
import { joinFields } from "../../onnx/decode/encode-fields.ts";
import type { DecodedTensor } from "../../onnx/decode/model.ts";
import { tensorData, type FindExternal } from "../../onnx/decode/tensor-data.ts";

/** Weights smaller than this stay in the graph: shapes and other constants, by which the runtime simplifies it. */
const leastBytes = 1024;
const alignment = 64;

/** The weights of an imported body, in one file beside the graphs of all variants. */
export interface BodyWeights {
  readonly file: string;
  readonly content: readonly Uint8Array[];
  /** Undefined: it stays in the graph. */
  placeOf(name: string): { readonly offset: number; readonly length: number } | undefined;
}

export function gatherWeights(
  initializers: readonly DecodedTensor[],
  file: string,
  findExternal: FindExternal,
): BodyWeights {
  const places = new Map<string, { readonly offset: number; readonly length: number }>();
  const content: Uint8Array[] = [];
  let at = 0;
  for (const tensor of initializers) {
    const isText = tensor.content.kind === "typed" && tensor.typeCode === 8;
    const bytes = isText ? new Uint8Array() : tensorData(tensor, findExternal);
    if (bytes.length < leastBytes && tensor.content.kind !== "external") continue;
    const gap = (alignment - (at % alignment)) % alignment;
    content.push(new Uint8Array(gap), bytes);
    places.set(tensor.name, { offset: at + gap, length: bytes.length });
    at += gap + bytes.length;
  }
  return { file, content, placeOf: (name) => places.get(name) };
}

/** Data of any kind, and where they lie. */
const dataFields = new Set([4, 5, 6, 7, 9, 10, 11, 13, 14]);

/** The tensor (its message) with its data in the file of weights; all else about it stays. */
export function pointedAt(
  fields: readonly { readonly number: number; readonly bytes: Uint8Array }[],
  file: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Uint8Array {
  return joinFields([
    ...fields.filter(({ number }) => !dataFields.has(number)),
    entry("location", file),
    entry("offset", String(offset)),
    entry("length", String(length)),
    integerField(14, 1),
  ]);
}

function entry(key: string, value: string) {
  return bytesField(13, joinFields([textField(1, key), textField(2, value)]));
}
