import type { Tensor, TensorData, TensorType, Tensors } from "./tensors.ts";

export interface TensorShape {
  readonly type: TensorType;
  readonly dims: readonly number[];
}

const views: Record<
  TensorType,
  new (buffer: ArrayBuffer, offset: number, length: number) => TensorData
> = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  float16: Uint16Array,
};

const bytesPerElement: Record<TensorType, number> = {
  float32: 4,
  int32: 4,
  int64: 8,
  int8: 1,
  uint8: 1,
  float16: 2,
};

/** Zeroed tensors that are views of one ArrayBuffer, so that a batch crosses threads as one transfer. */
export function allocateTensors<Name extends string>(
  shapes: Readonly<Record<Name, TensorShape>>,
): Record<Name, Tensor> {
  const names = Object.keys(shapes) as Name[];
  let total = 0;
  const offsets = names.map((name) => {
    const offset = total;
    // 8 bytes, the widest element, so that every view is aligned.
    total += (byteLength(shapes[name]) + 7) & ~7;
    return offset;
  });
  const buffer = new ArrayBuffer(total);
  const tensors = {} as Record<Name, Tensor>;
  names.forEach((name, i) => {
    const { type, dims } = shapes[name];
    tensors[name] = { type, dims, data: new views[type](buffer, offsets[i]!, elementCount(dims)) };
  });
  return tensors satisfies Tensors;
}

export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) count *= dim;
  return count;
}

function byteLength(shape: TensorShape): number {
  return elementCount(shape.dims) * bytesPerElement[shape.type];
}
