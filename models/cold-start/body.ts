import type { Affine } from "../ranking/affine.ts";
import { transposed, vector, type BodyTensor } from "../ranking/body-tensors.ts";
import { textDimsOf, type ColdStartShape } from "./shape.ts";
import type { ColdStartWeights } from "./weights.ts";

type Tensor = BodyTensor<ColdStartWeights>;

/** Projector and head. Matrices are [in, out]. */
export function bodyTensors(shape: ColdStartShape): readonly Tensor[] {
  const { dims, hidden, headHidden, text } = shape;
  return [
    ...layer("projector_in", [textDimsOf(text), hidden], ({ projectorIn }) => projectorIn),
    ...layer("projector_out", [hidden, dims], ({ projectorOut }) => projectorOut),
    ...layer("head_in", [dims, headHidden], ({ headIn }) => headIn),
    ...layer("head_out", [headHidden, dims], ({ headOut }) => headOut),
  ];
}

function layer(
  name: string,
  sizes: readonly [number, number],
  of: (weights: ColdStartWeights) => Affine,
): readonly Tensor[] {
  return [
    transposed(`${name}.weight`, sizes, { of }),
    vector(`${name}.bias`, sizes[1], (weights) => of(weights).bias),
  ];
}
