import type { Affine } from "../../../ranking/affine.ts";
import type { ColdStartWeights } from "../../weights.ts";
import type { Trained } from "./read-trained.ts";

/** The tensors of a trained folder, each in its place. */
export function toWeights({
  shape,
  tensors,
}: Pick<Trained, "shape" | "tensors">): ColdStartWeights {
  const affine = (name: string): Affine => ({
    weight: tensors.get(`${name}.weight`)!,
    bias: tensors.get(`${name}.bias`)!,
  });
  return {
    ...shape,
    itemVectors: tensors.get("item_vectors")!,
    gramVectors: tensors.get("gram_embedding") ?? new Float32Array(),
    projectorIn: affine("projector_in"),
    projectorOut: affine("projector_out"),
    headIn: affine("head_in"),
    headOut: affine("head_out"),
  };
}
