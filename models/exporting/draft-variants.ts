import type { VariantName } from "../bundle/manifest.ts";
import type { NewPart, VariantDraft } from "../bundle/write-bundle.ts";
import { rankingParts } from "../ranking/parts.ts";
import type { SurvivorsPerResult } from "../ranking/survivors.ts";
import type { FoundVariants } from "./find-variants.ts";
import { measuredAgainst } from "./measured.ts";
import type { PartsFolder } from "./parts-folder.ts";
import type { Trial } from "./try-out.ts";

/** For a `BundleDraft`, which still needs the parts that hold ids: `draftBundle` adds them. */
export interface DraftedVariants {
  readonly parts: Readonly<Record<string, NewPart>>;
  readonly variants: { readonly fp32: VariantDraft } & Readonly<
    Partial<Record<VariantName, VariantDraft>>
  >;
  readonly survivorsPerResult: SurvivorsPerResult;
  /** Every way of storing a variant that was tried in vain, with the reason. */
  readonly refusals: readonly string[];
}

/** What was found, with the passports that the trials give, and the parts that it reads. */
export function draftVariants(
  folder: PartsFolder,
  { found, refusals }: FoundVariants,
  /** Read as well, and written by whoever knows the ids. Default: items and users. */
  writtenElsewhere: readonly string[] = [rankingParts.items, rankingParts.users],
): DraftedVariants {
  const fp32 = found.get("fp32")!.trial;
  const drafts = [...found].map(
    ([name, { draft, trial }]) => [name, withPassport(draft, trial, fp32)] as const,
  );
  const read = partsOf(drafts.map(([, draft]) => draft));
  return {
    parts: folder.pick(read.filter((part) => !writtenElsewhere.includes(part))),
    variants: Object.fromEntries(drafts) as DraftedVariants["variants"],
    survivorsPerResult: Object.fromEntries(
      Array.from(found, ([name, { survivorsPerResult }]) => [name, survivorsPerResult]),
    ),
    refusals,
  };
}

function withPassport(
  variant: Pick<VariantDraft, "graphs" | "parts">,
  { warm, cold, latency }: Trial,
  fp32: Trial,
): VariantDraft {
  return {
    ...variant,
    passport: {
      warm: measuredAgainst(fp32.warm, warm),
      cold: measuredAgainst(fp32.cold, cold),
      latency,
    },
  };
}

/** All that variants name, each once. */
function partsOf(variants: readonly VariantDraft[]): readonly string[] {
  return [
    ...new Set(variants.flatMap(({ graphs, parts }) => [...Object.values(graphs), ...parts])),
  ];
}
