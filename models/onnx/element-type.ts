import type { ElementType } from "./graph.ts";

/** `TensorProto.DataType` numbers, and the bytes of one element. */
const elementTypes: Readonly<
  Record<ElementType, { readonly code: number; readonly bytes: number }>
> = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
};

export function codeOf(type: ElementType): number {
  return elementTypes[type].code;
}

export function byteLengthOf(type: ElementType, dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, elementTypes[type].bytes);
}
