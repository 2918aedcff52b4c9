import type { Manifest, Variant } from "../bundle/manifest.ts";
import { refusal } from "../bundle/parse-manifest.ts";
import { number, object, ofKind, oneOf, optional, type Shape } from "../bundle/shape.ts";
import { maxBuckets } from "../names/grams.ts";
import { nameRules } from "../names/name-rules.ts";
import { ofVariant, perVariant, type PerVariant } from "../ranking/per-variant.ts";
import { survivorsOf, survivorsPerResult, type SurvivorsPerResult } from "../ranking/survivors.ts";
import { encoderSettings, type EncoderSettings } from "./encoder/encoder-settings.ts";
import { activations, type ColdStartShape, type GramShape } from "./shape.ts";

/** What a cold-start bundle says about itself besides its parts: the architecture, from which its graphs can be built anew. */
export interface ColdStartSettings extends Omit<ColdStartShape, "items" | "text"> {
  readonly text: TextSettings;
  readonly survivorsPerResult?: SurvivorsPerResult;
  /** How many scores of a row a variant's graph has at one time. Default: of all items. */
  readonly scoredAtOnce?: PerVariant;
  /** For graphs that take no larger batch. Default: memory and speed decide. */
  readonly largestBatch?: number;
}

export type TextSettings = GramSettings | EncoderSettings;

export interface GramSettings extends GramShape {
  /** By which names become grams: those of `nameRules`. */
  readonly rules: number;
}

const whole = (min: number, max: number) => number({ min, max, whole: true });

const gramSettings: Shape<GramSettings> = object<GramSettings>({
  kind: oneOf(["grams"]),
  rules: whole(nameRules, nameRules),
  buckets: whole(1, maxBuckets),
  dims: whole(1, 4096),
});

const settings: Shape<ColdStartSettings> = object<ColdStartSettings>({
  dims: whole(1, 4096),
  hidden: whole(1, 65_536),
  headHidden: whole(1, 65_536),
  activation: oneOf(activations),
  text: ofKind<TextSettings>({ grams: gramSettings, encoder: encoderSettings }),
  survivorsPerResult: optional(survivorsPerResult),
  scoredAtOnce: optional(perVariant(whole(1, 2 ** 31))),
  largestBatch: optional(whole(1, 1024)),
});

export interface VariantSettings extends Omit<
  ColdStartSettings,
  "survivorsPerResult" | "scoredAtOnce"
> {
  readonly survivorsPerResult: number;
  readonly scoredAtOnce?: number;
}

export function shapeOf(
  { dims, hidden, headHidden, activation, text }: Omit<ColdStartShape, "items">,
  items: number,
): ColdStartShape {
  return { items, dims, text, hidden, headHidden, activation };
}

/** Throws FAILED_PRECONDITION with every problem. */
export function readSettings(manifest: Manifest, variant: Variant): VariantSettings {
  const problems: string[] = [];
  const found = settings(manifest.settings, "settings", problems);
  const { model, version } = manifest;
  if (problems.length > 0) throw refusal(`${model} ${version}`, problems);
  const scoredAtOnce = ofVariant(manifest, variant, found.scoredAtOnce);
  const { scoredAtOnce: _, ...others } = found;
  return {
    ...others,
    survivorsPerResult: survivorsOf(manifest, variant, found.survivorsPerResult),
    ...(scoredAtOnce !== undefined && { scoredAtOnce }),
  };
}
