import type { Manifest, Variant } from "../bundle/manifest.ts";
import { number } from "../bundle/shape.ts";
import { ofVariant, perVariant, type PerVariant } from "./per-variant.ts";

/** Items that a variant's graph rescores exactly for each result asked for; 0 where none are. */
export type SurvivorsPerResult = PerVariant;

/** For a variant that does not say: the most that any export takes. */
export const mostSurvivorsPerResult = 16;

export const survivorsPerResult = perVariant(number({ min: 0, max: 1024, whole: true }));

export function survivorsOf(
  manifest: Manifest,
  variant: Variant,
  survivors?: SurvivorsPerResult,
): number {
  return ofVariant(manifest, variant, survivors) ?? mostSurvivorsPerResult;
}
