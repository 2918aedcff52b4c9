import { variantName, type Manifest, type Variant, type VariantName } from "../bundle/manifest.ts";
import { table, type Shape } from "../bundle/shape.ts";

/** A setting that variants have of their own, by their names. */
export type PerVariant = Readonly<Partial<Record<VariantName, number>>>;

export function perVariant(element: Shape<number>): Shape<PerVariant> {
  return table({ key: variantName, maxEntries: 16 }, element);
}

/** undefined: the settings do not say. */
export function ofVariant(
  { variants }: Manifest,
  variant: Variant,
  numbers: PerVariant = {},
): number | undefined {
  const [name] = Object.entries(variants).find(([, one]) => one === variant) ?? [];
  return numbers[name as VariantName];
}
