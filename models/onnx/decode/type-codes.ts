/** `TensorProto.DataType`: the name, and the bytes of one element where they are whole. */
const types: Readonly<Record<number, readonly [name: string, bytes: number | undefined]>> = {
  1: ["float32", 4],
  2: ["uint8", 1],
  3: ["int8", 1],
  4: ["uint16", 2],
  5: ["int16", 2],
  6: ["int32", 4],
  7: ["int64", 8],
  8: ["text", undefined],
  9: ["bool", 1],
  10: ["float16", 2],
  11: ["float64", 8],
  12: ["uint32", 4],
  13: ["uint64", 8],
  16: ["bfloat16", 2],
};

export function typeName(code: number | undefined): string {
  return code === undefined ? "no tensor" : (types[code]?.[0] ?? `type ${code}`);
}

export function bytesPerElement(code: number): number | undefined {
  return types[code]?.[1];
}
