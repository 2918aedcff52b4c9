import type { VariantName } from "../bundle/manifest.ts";
import { quantizedForms } from "../exporting/quantized-form.ts";
import type { ImportPlan } from "./plan.ts";
import type { ImportedForm } from "./serving-files.ts";

/** Below it, a head in float32 is as fast as one in int8, and must be beaten. */
const manyItems = 15_000;

const tables: ImportedForm = { name: "tables", smallTable: true, head: "exact" };
const edge: ImportedForm = { name: "edge", smallTable: true, head: "int8" };
const heads: readonly ImportedForm[] = quantizedForms.map((head) => ({
  name: head.name,
  smallTable: false,
  head,
}));

/**
 * How a variant of an imported model may be stored, as lists of forms, each from small or fast to faithful. None where nothing is
 * understood that could be stored in another way.
 */
export function formsOf(
  name: VariantName,
  { items, table, head }: Pick<ImportPlan, "items" | "table" | "head">,
): readonly (readonly ImportedForm[])[] {
  const withTable = table === undefined ? [] : [tables];
  if (name === "qint8") {
    if (head === undefined) return [withTable];
    return items < manyItems ? [withTable, heads] : [[...heads, ...withTable]];
  }
  if (name !== "edge") return [];
  if (table === undefined) return head === undefined ? [] : [[{ ...edge, smallTable: false }]];
  return [[head === undefined ? tables : edge]];
}
