import { encodeModel } from "../../onnx/encode-model.ts";
import type { PartFile, PartsFolder } from "../../exporting/parts-folder.ts";
import type { QuantizedForm } from "../../exporting/quantized-form.ts";
import { writeQuantizedItems } from "../../exporting/write-quantized-items.ts";
import { twoTowerGraph } from "../graph/two-tower-graph.ts";
import type { TwoTowerWeights } from "../weights.ts";

/** What a quantized form adds to the parts that all variants share. */
export interface QuantizedParts {
  readonly graph: PartFile;
  /** Names of the parts. */
  readonly weights: readonly string[];
}

export async function writeQuantized(
  folder: PartsFolder,
  weights: TwoTowerWeights,
  form: QuantizedForm,
): Promise<QuantizedParts> {
  const quantized = await writeQuantizedItems(folder, weights, form);
  const { matrixFile, itemScalesFile } = quantized;
  const graph = await folder.add(
    `qint8-${form.name}`,
    "onnx",
    encodeModel(twoTowerGraph(weights, quantized)),
  );
  const files = itemScalesFile === undefined ? [matrixFile] : [matrixFile, itemScalesFile];
  return { graph, weights: folder.namesOf(files) };
}
