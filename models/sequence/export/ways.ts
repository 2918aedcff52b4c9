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
  type SequenceForm,
} from "../graph/form.ts";
import type { SequenceWeights } from "../weights.ts";

/** One way of storing a variant. */
export interface SequenceWay extends Way {
  /** Writes what no other way reads; `weightFiles` are written apart. */
  prepare(folder: PartsFolder, weights: SequenceWeights): Promise<SequenceForm>;
}

type Ways = readonly SequenceWay[];
type Sizes = Pick<SequenceWeights, "items" | "users">;

const tables = plain("tables", quantizedTablesForm);
const heads = quantizedForms.map(quantizedHead);

const edgeWithoutUsers = [
  plain("int8 blocks", edgeForm),
  plain("float32 blocks", { ...edgeForm, body: "float32" }),
];
const edgeWithUsers = [
  plain("mean user", edgeForm),
  plain("mean user and float32 blocks", { ...edgeForm, body: "float32" }),
  plain("int8 users", { ...edgeForm, users: "int8" }),
  plain("int8 users and float32 blocks", { ...edgeForm, users: "int8", body: "float32" }),
];

/** Below it, a head in float32 is as fast as one in int8, and must be beaten. */
const manyItems = 15_000;

/**
 * How a variant may be stored: lists of ways, each from small or fast to faithful. Of each list the first that is inside the gate counts,
 * and of these the fastest is taken.
 */
export function waysOf(variant: OtherVariant, shape: Sizes): readonly Ways[] {
  return ways[variant](shape);
}

const ways: Readonly<Record<OtherVariant, (shape: Sizes) => readonly Ways[]>> = {
  qint8: ({ items }) => (items < manyItems ? [[tables], heads] : [[...heads, tables]]),
  fp16: () => [[plain("half", halfForm), plain("half tables", { ...halfForm, body: "float32" })]],
  edge: ({ users }) => [users === 0 ? edgeWithoutUsers : edgeWithUsers],
};

export const exactWay: SequenceWay = plain("exact", exactForm);

function plain(name: string, form: SequenceForm): SequenceWay {
  return { name, prepare: () => Promise.resolve(form) };
}

function quantizedHead(form: QuantizedForm): SequenceWay {
  return {
    name: form.name,
    prepare: async (folder, weights) =>
      quantizedForm(await writeQuantizedItems(folder, scoredVectors(weights), form)),
  };
}

/** What leaves the last norm is seldom further from zero than three of its weights and the bias. */
function scoredVectors({ items, itemDims, itemVectors, finalNorm }: SequenceWeights) {
  const { weight, bias } = finalNorm;
  const reach = weight
    .subarray(0, itemDims)
    .map((value, dim) => 3 * Math.abs(value) + Math.abs(bias[dim]!));
  return { items, dims: itemDims, itemVectors, userVectors: reach };
}
