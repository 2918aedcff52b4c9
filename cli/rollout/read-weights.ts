import { ServingError } from "../../proto/serving-error.ts";
import { parseBasisPoints } from "../../router/rollout/basis-points-text.ts";
import { canaryOf } from "../../router/rollout/canary-of.ts";
import { parseWeights } from "../../router/rollout/weights-text.ts";
import type { Admin } from "./admin.ts";

/** Whether a word is a weight rather than a model: "canary=250bp", or "250bp" for the canary. */
export function isWeight(word: string): boolean {
  return word.includes("=") || parseBasisPoints(word) !== undefined || word.endsWith("%");
}

/** What was written of weights, checked; which arm is the canary, only the server knows. */
export interface WrittenWeights {
  readonly parts: readonly string[];
}

/** Throws INVALID_ARGUMENT with every problem, before anybody is asked for anything. */
export function readWeights(words: readonly string[]): WrittenWeights {
  const parts = words.flatMap((word) => word.split(",")).map((part) => part.trim());
  parseWeights(named(parts, "canary"));
  return { parts };
}

/** By arm; a weight without one is the canary's. */
export async function resolveWeights(
  { parts }: WrittenWeights,
  model: string,
  admin: Admin,
): Promise<Record<string, number>> {
  const canary = parts.some(isBare) ? await nameOfCanary(model, admin) : "";
  return { ...parseWeights(named(parts, canary)) };
}

function named(parts: readonly string[], canary: string): readonly string[] {
  return parts.map((part) => (isBare(part) ? `${canary}=${part}` : part));
}

function isBare(part: string): boolean {
  return !part.includes("=") && isWeight(part);
}

async function nameOfCanary(model: string, admin: Admin): Promise<string> {
  const { rollout } = await admin.get(model);
  const arms = (rollout?.arms ?? []).map((arm) => ({ ...arm, weight: 0, ranges: [] }));
  const canary = canaryOf({ arms });
  if (canary !== undefined) return canary.name;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${model} has no canary; \`crossfade rollout set version canary=VERSION ${model}\` first`,
  );
}
