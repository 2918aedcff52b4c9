export type TensorType = "float32" | "int32" | "int64" | "int8" | "uint8" | "float16";

/** -1 stands for a dimension that each run chooses. */
export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
}

/** int64 data is a BigInt64Array, float16 a Uint16Array of its bits. */
export type TensorData =
  | Float32Array
  | Int32Array
  | BigInt64Array
  | Int8Array
  | Uint8Array
  | Uint16Array;

export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type Tensors = Readonly<Record<string, Tensor>>;
