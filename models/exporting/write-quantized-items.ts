import type { QuantizedItems } from "../ranking/graph/rank-catalogue.ts";
import type { PartsFolder } from "./parts-folder.ts";
import { quantizeItems, type ScoredVectors } from "./quantize.ts";
import type { QuantizedForm } from "./quantized-form.ts";

/** Writes item vectors in int8. Every form has files of its own: another one's may still be mapped. */
export async function writeQuantizedItems(
  folder: PartsFolder,
  vectors: ScoredVectors,
  form: QuantizedForm,
): Promise<QuantizedItems> {
  const { codes, userFactors, itemScales } = quantizeItems(vectors, form);
  const matrix = await folder.add(`item-matrix-${form.name}`, "i8", codes);
  const scales = itemScales && (await folder.add(`item-scales-${form.name}`, "f32", itemScales));
  return {
    matrixFile: matrix.file,
    survivorsPerResult: form.survivorsPerResult,
    ...(userFactors && { userFactors }),
    ...(scales && { itemScalesFile: scales.file }),
  };
}
