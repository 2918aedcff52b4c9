import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import { exactWay, waysOf, type Way } from "../export/ways.ts";
import { createWeightFiles } from "../export/weight-files.ts";
import type { SequenceWeights } from "../weights.ts";
import { sequenceGraph } from "./sequence-graph.ts";

export interface VariantFiles extends AsyncDisposable {
  /** Graph files by the name of the way in which they store the model. */
  readonly graphs: Readonly<Record<string, string>>;
}

const ways: readonly Way[] = [
  exactWay,
  // Of both small and large catalogues.
  ...[1, 1e6].flatMap((items) => waysOf("qint8", { items }).flat()),
  ...waysOf("fp16", { items: 1 }).flat(),
  ...waysOf("edge", { items: 1 }).flat(),
];

export const wayNames: readonly string[] = [...new Set(ways.map(({ name }) => name))];

/** A model in several ways, written to a folder that goes away at the end. */
export async function writeVariants(
  weights: SequenceWeights,
  names: readonly string[] = wayNames,
): Promise<VariantFiles> {
  const dir = await mkdtemp(join(tmpdir(), "sequence-"));
  const folder = createPartsFolder(dir, "1");
  const files = createWeightFiles(folder, weights);
  const graphs: Record<string, string> = {};
  for (const name of names) {
    const form = await ways.find((way) => way.name === name)!.prepare(folder, weights);
    const model = encodeModel(sequenceGraph(weights, form));
    await files.write(externalLocations(model));
    graphs[name] = (await folder.add(`graph-${name.replaceAll(" ", "-")}`, "onnx", model)).path;
  }
  return { graphs, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}
