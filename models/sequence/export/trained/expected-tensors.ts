import { linear, norm, type TensorShapes } from "../../../trained-folder/tensor-shapes.ts";
import type { SequenceArchitecture } from "./architecture.ts";

/** The tensors of a network, by name, with their shapes; matrices are [out, in], as torch keeps them. */
export function expectedTensors(
  of: SequenceArchitecture,
  counts: { readonly items: number; readonly users: number },
): TensorShapes {
  const dims = of.itemDims + of.userDims;
  const blocks = Array.from({ length: of.blocks }, (_, i) =>
    Object.entries({
      ...norm("attention_norm", dims),
      ...linear("query", dims, dims),
      ...linear("key", dims, dims),
      ...linear("value", dims, dims),
      ...linear("output", dims, dims),
      ...norm("feed_norm", dims),
      ...linear("feed_in", of.hidden, dims),
      ...linear("feed_out", dims, of.hidden),
    }).map(([name, shape]) => [`blocks.${i}.${name}`, shape] as const),
  );
  return {
    item_embedding: [counts.items, of.itemDims],
    ...(of.userDims > 0 && { user_embedding: [counts.users, of.userDims] }),
    position_embedding: [of.maxLength, dims],
    ...Object.fromEntries(blocks.flat()),
    ...norm("final_norm", dims),
  };
}
