import type { OtherVariant, Way } from "../../exporting/find-variants.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { quantizedForms, type QuantizedForm } from "../../exporting/quantized-form.ts";
import { writeQuantizedItems } from "../../exporting/write-quantized-items.ts";
import {
  edgeForm,
  exactForm,
  halfForm,
  quantizedForm,
  quantizedTablesForm,
  type ColdStartForm,
} from "../graph/form.ts";
import type { ColdStartWeights } from "../weights.ts";

/** One way of storing a variant. */
export interface ColdStartWay extends Way {
  /** Writes what no other way reads; `weightFiles` are written apart. */
  prepare(folder: PartsFolder, weights: ColdStartWeights): Promise<ColdStartForm>;
}

type Ways = readonly ColdStartWay[];

export const exactWay: ColdStartWay = plain("exact", exactForm);

const compact = { kind: "compact" } as const;
const compactHead = plain("compact", {
  ...quantizedTablesForm,
  scoredItems: "int8",
  catalogue: compact,
});
const compactEdge = plain("compact", { ...edgeForm, catalogue: compact });
const wholeEdges = [
  plain("int8", edgeForm),
  plain("float32 body", { ...edgeForm, body: "float32" }),
  // Of few dimensions int8 has too few vectors.
  plain("float16 items", { ...edgeForm, tracks: "float16", scoredItems: "float16" }),
];

const tables = plain("tables", quantizedTablesForm);
const heads = quantizedForms.map(quantizedHead);

/** Below it, a head in float32 is as fast as one in int8, and must be beaten. */
const manyItems = 15_000;
/** From here on rows in float32, out of which to rescore, take more memory than they are worth. */
const veryManyItems = 1_000_000;

/**
 * How a variant may be stored: lists of ways, each from small or fast to faithful. Of each list the first that is inside the gate counts,
 * and of these the fastest is taken.
 */
export function waysOf(
  variant: OtherVariant,
  { items }: Pick<ColdStartWeights, "items">,
): readonly Ways[] {
  return ways[variant](items);
}

const ways: Readonly<Record<OtherVariant, (items: number) => readonly Ways[]>> = {
  qint8(items) {
    if (items < manyItems) return [[tables], heads];
    return [[...(items < veryManyItems ? [] : [compactHead]), ...heads, tables]];
  },
  fp16: () => [[plain("half", halfForm), plain("half tables", { ...halfForm, body: "float32" })]],
  edge: (items) => [[...(items < manyItems ? [] : [compactEdge]), ...wholeEdges]],
};

function plain(name: string, form: ColdStartForm): ColdStartWay {
  return { name, prepare: () => Promise.resolve(form) };
}

function quantizedHead(form: QuantizedForm): ColdStartWay {
  return {
    name: form.name,
    prepare: async (folder, weights) =>
      quantizedForm(await writeQuantizedItems(folder, scoredVectors(weights), form)),
  };
}

/** What scores the catalogue is near the mean of the tracks: the same dimensions matter. */
function scoredVectors({ items, dims, itemVectors }: ColdStartWeights) {
  return { items, dims, itemVectors, userVectors: itemVectors };
}
