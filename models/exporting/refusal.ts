import { outsideGate } from "../bundle/gate.ts";
import type { Figures } from "../bundle/gate.ts";
import { sameOrder10 } from "./agreement.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";

const groups = ["warm", "cold"] as const;

export interface RefusalOptions {
  /** The share of users whose ordered top 10 must be fp32's, beside what the gate asks for. Default 0. */
  readonly minSameOrder10?: number;
}

/** Variants that rescore exactly are meant to be indistinguishable: much more than the gate asks for. */
export const rescored: RefusalOptions = { minSameOrder10: 0.99 };

/** Why a variant must not be published; undefined = it may be. */
export function refusalOf(
  trial: Trial,
  fp32: Trial,
  { minSameOrder10 = 0 }: RefusalOptions = {},
): string | undefined {
  const reasons = [
    ...groups.flatMap((group) =>
      tooDifferent(group, sameOrder10(fp32[group].tops, trial[group].tops), minSameOrder10),
    ),
    ...outsideGate(figuresBeside(fp32, trial), figuresBeside(fp32, fp32)),
  ];
  return reasons.length === 0 ? undefined : reasons.join("; ");
}

function figuresBeside(fp32: Trial, trial: Trial): Figures {
  return {
    warm: measuredAgainst(fp32.warm, trial.warm),
    cold: measuredAgainst(fp32.cold, trial.cold),
  };
}

function tooDifferent(group: string, share: number, needed: number): readonly string[] {
  if (share >= needed) return [];
  return [
    `${group} users: the ordered top 10 is fp32's for ${percent(share)}, at least ${percent(needed)} is needed`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
