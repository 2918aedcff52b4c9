import { statSync } from "node:fs";
import { bytesField, integerField, textField } from "../../onnx/decode/encode-fields.ts";
import { joinFields } from "../../onnx/decode/encode-fields.ts";
import { byteCount } from "../../onnx/decode/decode-tensor.ts";
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

type Place = NonNullable<ReturnType<BodyWeights["placeOf"]>>;

/** Throws an Error for weights outside that overlap: together they could be made to be read as any multiple of their files. */
export function gatherWeights(
  initializers: readonly DecodedTensor[],
  file: string,
  findExternal: FindExternal,
): BodyWeights {
  const places = new Map<string, Place>();
  const ofRange = new Map<string, Place>();
  const outside = createOutside(findExternal);
  const content: Uint8Array[] = [];
  let at = 0;
  for (const tensor of initializers) {
    const range = outside.rangeOf(tensor);
    const known = range === undefined ? undefined : ofRange.get(range);
    if (known !== undefined) {
      places.set(tensor.name, known);
      continue;
    }
    const isText = tensor.content.kind === "typed" && tensor.typeCode === 8;
    const bytes = isText ? new Uint8Array() : outside.read(tensor);
    if (bytes.length < leastBytes && tensor.content.kind !== "external") continue;
    const gap = (alignment - (at % alignment)) % alignment;
    content.push(new Uint8Array(gap), bytes);
    const place = { offset: at + gap, length: bytes.length };
    places.set(tensor.name, place);
    if (range !== undefined) ofRange.set(range, place);
    at += gap + bytes.length;
  }
  return { file, content, placeOf: (name) => places.get(name) };
}

/** Reads tensors, those outside only as long as they are no more than the files that hold them. */
function createOutside(findExternal: FindExternal) {
  const files = new Set<string>();
  let left = 0;
  const find: FindExternal = (place, bytes) => {
    const path = findExternal(place, bytes);
    if (!files.has(path)) left += statSync(path).size;
    files.add(path);
    left -= bytes;
    if (left >= 0) return path;
    throw new Error(
      `its weights overlap in ${place.location}: more is read than there is; save it anew: onnx.save(model, path, save_as_external_data=True)`,
    );
  };
  return {
    /** Undefined: it lies inside. */
    rangeOf({ content, dims, typeCode }: DecodedTensor): string | undefined {
      if (content.kind !== "external") return undefined;
      return JSON.stringify([content.at.location, content.at.offset, byteCount(dims, typeCode)]);
    },
    read: (tensor: DecodedTensor) => tensorData(tensor, find),
  };
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
