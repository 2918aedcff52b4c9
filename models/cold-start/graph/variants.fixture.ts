import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPartsFolder, type PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizedForms, type QuantizedForm } from "../../exporting/quantized-form.ts";
import { writeQuantizedItems } from "../../exporting/write-quantized-items.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import { createColdStartFiles } from "../export/weight-files.ts";
import type { ColdStartWeights } from "../weights.ts";
import { coldStartGraph } from "./cold-start-graph.ts";
import {
  edgeForm,
  exactForm,
  halfForm,
  quantizedForm,
  quantizedTablesForm,
  type ColdStartForm,
} from "./form.ts";

export interface VariantFiles extends AsyncDisposable {
  /** Graph files by the name of their form. */
  readonly graphs: Readonly<Record<string, string>>;
}

type MakeForm = (folder: PartsFolder, weights: ColdStartWeights) => Promise<ColdStartForm>;

export const headForms: readonly string[] = quantizedForms.map(({ name }) => name);
export const otherForms: readonly string[] = ["tables", "edge", "compact", "half"];

const forms: Readonly<Record<string, MakeForm>> = {
  exact: async () => exactForm,
  tables: async () => quantizedTablesForm,
  edge: async () => edgeForm,
  compact: async () => ({
    ...edgeForm,
    catalogue: { kind: "compact", chunkItems: 50 },
  }),
  half: async () => halfForm,
  ...Object.fromEntries(quantizedForms.map((form) => [form.name, quantizedHead(form)])),
};

/** A model in several forms, written to a folder that goes away at the end. */
export async function writeVariants(
  weights: ColdStartWeights,
  names: readonly string[],
): Promise<VariantFiles> {
  const dir = await mkdtemp(join(tmpdir(), "cold-start-"));
  const folder = createPartsFolder(dir, "1");
  const files = createColdStartFiles(folder, weights);
  const graphs: Record<string, string> = {};
  for (const name of names) {
    const form = await forms[name]!(folder, weights);
    const model = encodeModel(coldStartGraph(weights, form));
    await files.write(externalLocations(model));
    graphs[name] = (await folder.add(`graph-${name}`, "onnx", model)).path;
  }
  return { graphs, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

function quantizedHead(form: QuantizedForm): MakeForm {
  return async (folder, { items, dims, itemVectors }) => {
    const vectors = { items, dims, itemVectors, userVectors: itemVectors };
    return quantizedForm(await writeQuantizedItems(folder, vectors, form));
  };
}
