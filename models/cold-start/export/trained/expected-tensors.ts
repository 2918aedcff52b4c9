import { linear, type TensorShapes } from "../../../trained-folder/tensor-shapes.ts";
import { textDimsOf, type ColdStartShape } from "../../shape.ts";

/** The tensors of a network, by name, with their shapes; matrices are [out, in], as torch keeps them. */
export function expectedTensors(shape: ColdStartShape): TensorShapes {
  const { items, dims, hidden, headHidden, text } = shape;
  return {
    ...(text.kind === "grams" && { gram_embedding: [text.buckets, text.dims] }),
    ...linear("projector_in", hidden, textDimsOf(text)),
    ...linear("projector_out", dims, hidden),
    ...linear("head_in", headHidden, dims),
    ...linear("head_out", dims, headHidden),
    item_vectors: [items, dims],
  };
}
