import type { Manifest, Variant } from "../bundle/manifest.ts";
import { refusal } from "../bundle/parse-manifest.ts";
import { number, object, optional, type Shape } from "../bundle/shape.ts";
import { survivorsOf, survivorsPerResult, type SurvivorsPerResult } from "../ranking/survivors.ts";

/** What a two-tower bundle says about itself besides its parts. */
export interface TwoTowerSettings {
  readonly dims: number;
  readonly survivorsPerResult?: SurvivorsPerResult;
}

const settings: Shape<TwoTowerSettings> = object<TwoTowerSettings>({
  dims: number({ min: 1, max: 4096, whole: true }),
  survivorsPerResult: optional(survivorsPerResult),
});

export interface VariantSettings {
  readonly dims: number;
  readonly survivorsPerResult: number;
}

/** Throws FAILED_PRECONDITION with every problem. */
export function readSettings(manifest: Manifest, variant: Variant): VariantSettings {
  const problems: string[] = [];
  const found = settings(manifest.settings, "settings", problems);
  const { model, version } = manifest;
  if (problems.length > 0) throw refusal(`${model} ${version}`, problems);
  return {
    dims: found.dims,
    survivorsPerResult: survivorsOf(manifest, variant, found.survivorsPerResult),
  };
}
