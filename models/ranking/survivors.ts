import { variantName, type Manifest, type Variant, type VariantName } from "../bundle/manifest.ts";
import { number, table, type Shape } from "../bundle/shape.ts";

/** Items that a variant's graph rescores exactly for each result asked for; 0 where none are. */
export type SurvivorsPerResult = Readonly<Partial<Record<VariantName, number>>>;

/** For a variant that does not say: the most that any export takes. */
export const mostSurvivorsPerResult = 16;

export const survivorsPerResult: Shape<SurvivorsPerResult> = table(
  { key: variantName, maxEntries: 16 },
  number({ min: 0, max: 1024, whole: true }),
);

export function survivorsOf(
  { variants }: Manifest,
  variant: Variant,
  survivors: SurvivorsPerResult = {},
): number {
  const [name] = Object.entries(variants).find(([, one]) => one === variant) ?? [];
  return survivors[name as VariantName] ?? mostSurvivorsPerResult;
}
