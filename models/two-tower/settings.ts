import { variantName, type Manifest, type Variant, type VariantName } from "../bundle/manifest.ts";
import { refusal } from "../bundle/parse-manifest.ts";
import { number, object, optional, table, type Shape } from "../bundle/shape.ts";

/** What a two-tower bundle says about itself besides its parts. */
export interface TwoTowerSettings {
  readonly dims: number;
  /** Items that a variant's graph rescores exactly for each result asked for; 0 where none are. */
  readonly survivorsPerResult?: Readonly<Partial<Record<VariantName, number>>>;
}

/** For a variant that does not say: the most that any export takes. */
export const mostSurvivorsPerResult = 16;

const settings: Shape<TwoTowerSettings> = object<TwoTowerSettings>({
  dims: number({ min: 1, max: 4096, whole: true }),
  survivorsPerResult: optional(
    table({ key: variantName, maxEntries: 16 }, number({ min: 0, max: 1024, whole: true })),
  ),
});

export interface VariantSettings {
  readonly dims: number;
  readonly survivorsPerResult: number;
}

/** Throws FAILED_PRECONDITION with every problem. */
export function readSettings(manifest: Manifest, variant: Variant): VariantSettings {
  const problems: string[] = [];
  const { dims, survivorsPerResult = {} } = settings(manifest.settings, "settings", problems);
  const { model, version } = manifest;
  if (problems.length > 0) throw refusal(`${model} ${version}`, problems);
  const [name] = Object.entries(manifest.variants).find(([, one]) => one === variant) ?? [];
  const survivors = survivorsPerResult[name as VariantName] ?? mostSurvivorsPerResult;
  return { dims, survivorsPerResult: survivors };
}
