import type { VariantDraft } from "../bundle/write-bundle.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";

/** A variant with the passport that a trial of it gives. */
export function draftVariant(
  variant: Pick<VariantDraft, "graphs" | "parts">,
  trial: Trial,
  fp32: Trial,
): VariantDraft {
  return {
    ...variant,
    passport: {
      warm: measuredAgainst(fp32.warm, trial.warm),
      cold: measuredAgainst(fp32.cold, trial.cold),
      latency: trial.latency,
    },
  };
}

/** All that variants name, each once. */
export function partsOf(variants: readonly VariantDraft[]): readonly string[] {
  return [
    ...new Set(variants.flatMap(({ graphs, parts }) => [...Object.values(graphs), ...parts])),
  ];
}
