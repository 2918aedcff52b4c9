import { outsideGate } from "../../bundle/gate.ts";
import type { Figures } from "../../bundle/gate.ts";
import { sameOrder10 } from "./agreement.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";

/** Rescored variants are meant to be indistinguishable: much more than the gate asks for. */
const minSameOrder10 = 0.99;

const groups = ["warm", "cold"] as const;

/** Why a quantized variant must not be published; undefined = it may be. */
export function refusalOf(trial: Trial, fp32: Trial): string | undefined {
  const reasons = [
    ...groups.flatMap((group) =>
      tooDifferent(group, sameOrder10(fp32[group].tops, trial[group].tops)),
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

function tooDifferent(group: string, share: number): readonly string[] {
  if (share >= minSameOrder10) return [];
  return [
    `${group} users: the ordered top 10 is fp32's for ${percent(share)}, at least ${percent(minSameOrder10)} is needed`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
