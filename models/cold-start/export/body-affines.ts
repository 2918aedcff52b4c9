import { countOf, isMatrix } from "../../ranking/body-tensors.ts";
import { bodyTensors } from "../body.ts";
import type { ColdStartShape } from "../shape.ts";
import type { ColdStartWeights } from "../weights.ts";

type Layers = Pick<ColdStartWeights, "projectorIn" | "projectorOut" | "headIn" | "headOut">;

/**
 * The layers that `bodyOf` wrote one behind the other, as they were trained.
 * @param read The first numbers of the body, as many as asked for.
 */
export async function affinesOf(
  shape: ColdStartShape,
  read: (count: number) => Promise<Float32Array>,
): Promise<Layers> {
  const tensors = bodyTensors(shape);
  const body = await read(tensors.reduce((sum, { dims }) => sum + countOf(dims), 0));
  const values = new Map<string, Float32Array>();
  let at = 0;
  for (const tensor of tensors) {
    const own = body.subarray(at, (at += countOf(tensor.dims)));
    values.set(tensor.name, isMatrix(tensor) ? turned(own, tensor.dims[1]!) : own.slice());
  }
  const affine = (name: string) => ({
    weight: values.get(`${name}.weight`)!,
    bias: values.get(`${name}.bias`)!,
  });
  return {
    projectorIn: affine("projector_in"),
    projectorOut: affine("projector_out"),
    headIn: affine("head_in"),
    headOut: affine("head_out"),
  };
}

/** [out, in] of [in, out]. */
function turned(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}
