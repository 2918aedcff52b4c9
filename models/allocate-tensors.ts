import type { Tensor, TensorData, TensorType, Tensors } from "./tensors.ts";

export interface TensorShape {
  readonly type: TensorType;
  readonly dims: readonly number[];
}

interface TensorView {
  readonly bytesPerElement: number;
  readonly view: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TensorData;
}

const tensorViews: Readonly<Record<TensorType, TensorView>> = {
  float32: { bytesPerElement: 4, view: Float32Array },
  int32: { bytesPerElement: 4, view: Int32Array },
  int64: { bytesPerElement: 8, view: BigInt64Array },
  int8: { bytesPerElement: 1, view: Int8Array },
  uint8: { bytesPerElement: 1, view: Uint8Array },
  float16: { bytesPerElement: 2, view: Uint16Array },
};

const allocated = new WeakSet<ArrayBufferLike>();

/**
 * Zeroed tensors that are views of one ArrayBuffer, so that a batch crosses threads as one transfer.
 * Nothing else lives in that buffer; the bytes before the first tensor are left to whoever sends it on.
 */
export function allocateTensors<Name extends string>(
  shapes: Readonly<Record<Name, TensorShape>>,
): Record<Name, Tensor> {
  const names = Object.keys(shapes) as Name[];
  let total = headroomBytes(names.map((name) => shapes[name]));
  const offsets = names.map((name) => {
    const offset = total;
    total = aligned(total + byteLengthOf(shapes[name]));
    return offset;
  });
  const buffer = new ArrayBuffer(total);
  allocated.add(buffer);
  const tensors = {} as Record<Name, Tensor>;
  names.forEach((name, i) => {
    const { type, dims } = shapes[name];
    tensors[name] = { type, dims, data: tensorData(shapes[name], buffer, offsets[i]!) };
  });
  return tensors satisfies Tensors;
}

/** Whether `allocateTensors` made it: then it may be taken away from its owner. */
export function isAllocated(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return allocated.has(buffer);
}

export function tensorData(
  shape: TensorShape,
  buffer: ArrayBufferLike,
  byteOffset: number,
): TensorData {
  return new tensorViews[shape.type].view(buffer, byteOffset, elementCount(shape.dims));
}

export function holds(type: TensorType, data: TensorData): boolean {
  return data instanceof tensorViews[type].view;
}

export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) count *= dim;
  return count;
}

export function byteLengthOf(shape: TensorShape): number {
  return elementCount(shape.dims) * tensorViews[shape.type].bytesPerElement;
}

/** Enough for the dims and the place of every tensor, as 32-bit numbers. */
export function headroomBytes(shapes: readonly TensorShape[]): number {
  let words = 0;
  for (const { dims } of shapes) words += dims.length + 2;
  return aligned(4 * words);
}

/** 8 bytes, the widest element. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
