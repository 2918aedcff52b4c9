import type { PartFile, PartsFolder } from "../exporting/parts-folder.ts";
import { quantizeRows } from "../exporting/quantize-rows.ts";
import type { QuantizedForm } from "../exporting/quantized-form.ts";
import { writeQuantizedItems } from "../exporting/write-quantized-items.ts";
import { tensorFloats } from "../onnx/decode/tensor-data.ts";
import { externalLocations } from "../onnx/external-locations.ts";
import { gatherWeights } from "./embed/body-weights.ts";
import { embedBody } from "./embed/embed-body.ts";
import { needsOf, type Pruned } from "./embed/prune.ts";
import { servingGraph, type Ending } from "./graph/serving-graph.ts";
import { headVectors, type HeadVectors } from "./inspect/head-vectors.ts";
import { importedFiles, importedParts } from "./parts.ts";
import type { ImportPlan } from "./plan.ts";

/** How a variant stores an imported model. */
export interface ImportedForm {
  readonly name: string;
  /** The table where ids become vectors is int8, row by row. */
  readonly smallTable: boolean;
  readonly head: "exact" | "int8" | QuantizedForm;
}

export interface WrittenForm {
  readonly graph: PartFile;
  /** Names of the parts that the graph reads. */
  readonly weights: readonly string[];
  readonly survivorsPerResult: number;
}

/** Writes the graphs of forms, and every file that one of them needs, once. */
export interface ServingFiles {
  write(form: ImportedForm): Promise<WrittenForm>;
}

export function createServingFiles(folder: PartsFolder, plan: ImportPlan): ServingFiles {
  const { read, head } = plan;
  const written = new Set<string>();
  const once = async (part: string, write: () => Promise<unknown>): Promise<void> => {
    if (written.has(part)) return;
    written.add(part);
    await write();
  };
  const vectors =
    head &&
    headVectors(head, { items: plan.items, firstColumn: plan.ids.firstColumn }, read.findExternal);
  const body = needsOf(read.model.graph, plan.value);
  const weights = gatherWeights(withoutTable(body, plan), importedFiles.body, read.findExternal);
  // Beside the file of all forms, that the table alone fills: forms with a smaller one do not read it.
  const exactTable = gatherWeights(tableOf(body, plan), importedFiles.table, read.findExternal);

  return {
    async write(form) {
      const scores: Ending = { kind: "scores", firstColumn: plan.ids.firstColumn };
      const ending = (await endingOf(form, { folder, vectors, once })) ?? scores;
      const small = form.smallTable ? plan.table : undefined;
      const ours = servingGraph({ ...plan.serving, ending });
      const bytes = embedBody(ours, {
        model: read.model,
        body: small === undefined ? body : withoutTensor(body, plan),
        weights: [weights, exactTable],
        smallTable: small,
      });
      const reads = externalLocations(bytes);
      if (reads.includes(weights.file))
        await once(importedParts.body, () =>
          folder.add(importedParts.body, "bin", ...weights.content),
        );
      if (reads.includes(exactTable.file))
        await once(importedParts.table, () =>
          folder.add(importedParts.table, "f32", ...exactTable.content),
        );
      if (small !== undefined) await once(importedParts.tableCodes, () => writeTable(folder, plan));
      const graph = await folder.add(`imported-${form.name}`, "onnx", bytes);
      const survivors = typeof form.head === "object" ? form.head.survivorsPerResult : 0;
      return { graph, weights: folder.namesOf(reads), survivorsPerResult: survivors };
    },
  };
}

/** Whether somebody else than the look-up reads the table: it then stays as it is as well. */
function isTableAlone({ nodes }: Pruned, { table }: ImportPlan): boolean {
  return !nodes.some(
    (node) => node !== table?.lookup && node.inputs.includes(table?.tensor.name ?? ""),
  );
}

function withoutTable(body: Pruned, { table }: ImportPlan) {
  return body.initializers.filter((tensor) => tensor !== table?.tensor);
}

function tableOf(body: Pruned, { table }: ImportPlan) {
  return body.initializers.filter((tensor) => tensor === table?.tensor);
}

function withoutTensor(body: Pruned, plan: ImportPlan): Pruned {
  return isTableAlone(body, plan) ? { ...body, initializers: withoutTable(body, plan) } : body;
}

async function writeTable(folder: PartsFolder, { table, read }: ImportPlan): Promise<void> {
  const { tensor, dims } = table!;
  const { codes, scales } = quantizeRows(tensorFloats(tensor, read.findExternal), dims);
  await folder.add(importedParts.tableCodes, "i8", codes);
  await folder.add(importedParts.tableScales, "f32", scales);
}

interface EndingFiles {
  readonly folder: PartsFolder;
  readonly vectors: HeadVectors | undefined;
  readonly once: (part: string, write: () => Promise<unknown>) => Promise<void>;
}

async function endingOf(
  { head }: ImportedForm,
  { folder, vectors, once }: EndingFiles,
): Promise<Ending | undefined> {
  if (vectors === undefined) return undefined;
  const { values, dims, hasBias } = vectors;
  const common = { kind: "vectors", dims, hasBias } as const;
  if (head === "int8") {
    await once(importedParts.headCodes, async () => {
      const { codes, scales } = quantizeRows(values, dims);
      await folder.add(importedParts.headCodes, "i8", codes);
      await folder.add(importedParts.headScales, "f32", scales);
    });
    return { ...common, form: "int8" };
  }
  await once(importedParts.headVectors, () => folder.add(importedParts.headVectors, "f32", values));
  if (head === "exact") return { ...common, form: "float32" };
  const items = values.length / dims - 1;
  const itemVectors = values.subarray(0, items * dims);
  // Nobody knows yet which dimensions hidden vectors use most: all alike.
  const userVectors = new Float32Array(dims).fill(1);
  const vectorsOfItems = { items, dims, itemVectors, userVectors };
  const quantized = await writeQuantizedItems(folder, vectorsOfItems, head);
  return { ...common, form: "float32", quantized };
}
