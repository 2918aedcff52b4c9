import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModel } from "../../onnx/encode-model.ts";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { quantizedForms } from "../../exporting/quantized-form.ts";
import { writeQuantized } from "../export/write-quantized.ts";
import { writeShared } from "../export/write-shared.ts";
import type { TwoTowerWeights } from "../weights.ts";
import { twoTowerGraph } from "./two-tower-graph.ts";

export const variantNames = ["fp32", ...quantizedForms.map(({ name }) => name)] as const;

export interface VariantFiles extends AsyncDisposable {
  readonly dir: string;
  /** Graph files by variant name. */
  readonly graphs: Readonly<Record<string, string>>;
}

/** Every variant of a model, written to a folder that goes away at the end. */
export async function writeVariants(weights: TwoTowerWeights): Promise<VariantFiles> {
  const dir = await mkdtemp(join(tmpdir(), "two-tower-"));
  const folder = createPartsFolder(dir, "1");
  await writeShared(folder, { weights, popularity: new Float32Array(weights.items) });
  const fp32 = await folder.add("fp32", "onnx", encodeModel(twoTowerGraph(weights)));
  const graphs: Record<string, string> = { fp32: fp32.path };
  for (const form of quantizedForms) {
    graphs[form.name] = (await writeQuantized(folder, weights, form)).graph.path;
  }
  return { dir, graphs, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}
