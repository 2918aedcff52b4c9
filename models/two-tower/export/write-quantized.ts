import { encodeModel } from "../../onnx/encode-model.ts";
import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";
import { twoTowerGraph } from "../graph/two-tower-graph.ts";
import type { TwoTowerWeights } from "../weights.ts";
import type { PartFile, PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizeItems } from "../../exporting/quantize.ts";
import type { QuantizedForm } from "../../exporting/quantized-form.ts";

/** What a quantized form adds to the parts that all variants share. */
export interface QuantizedParts {
  readonly graph: PartFile;
  readonly weights: readonly PartFile[];
}

/** Every form has files of its own: another one's may still be mapped. */
export async function writeQuantized(
  folder: PartsFolder,
  weights: TwoTowerWeights,
  form: QuantizedForm,
): Promise<QuantizedParts> {
  const { codes, userFactors, itemScales } = quantizeItems(weights, form);
  const matrix = await folder.add(`item-matrix-${form.name}`, "i8", codes);
  const scales = itemScales && (await folder.add(`item-scales-${form.name}`, "f32", itemScales));
  const quantized: QuantizedItems = {
    matrixFile: matrix.file,
    survivorsPerResult: form.survivorsPerResult,
    ...(userFactors && { userFactors }),
    ...(scales && { itemScalesFile: scales.file }),
  };
  const graph = await folder.add(
    `qint8-${form.name}`,
    "onnx",
    encodeModel(twoTowerGraph(weights, quantized)),
  );
  return { graph, weights: scales ? [matrix, scales] : [matrix] };
}
