import { ServingError } from "../../proto/serving-error.ts";
import { basisPointsAllowed, parseBasisPoints } from "./basis-points-text.ts";

/** Weights of "canary=250bp" or "canary=2.5%,blue=100bp"; throws INVALID_ARGUMENT with every problem. */
export function parseWeights(texts: readonly string[]): Readonly<Record<string, number>> {
  const problems: string[] = [];
  const weights = new Map<string, number>();
  for (const text of texts.flatMap((one) => one.split(","))) {
    const [, arm, amount] = /^([^=]+)=(.*)$/.exec(text.trim()) ?? [];
    if (arm === undefined || amount === undefined) {
      problems.push(`"${text}" is no weight; write ARM=WEIGHT, e.g. canary=250bp`);
      continue;
    }
    const points = parseBasisPoints(amount);
    if (points === undefined)
      problems.push(`the weight of ${arm} is "${amount}"; it must be ${allowedFor(amount)}`);
    if (weights.has(arm)) problems.push(`${arm} is given twice`);
    weights.set(arm, points ?? 0);
  }
  if (problems.length > 0) throw new ServingError("INVALID_ARGUMENT", problems.join("; "));
  return Object.fromEntries(weights);
}

function allowedFor(amount: string): string {
  const isBare = /^\d+(\.\d+)?$/.test(amount);
  return isBare ? `${amount}% or ${amount}bp: say which` : basisPointsAllowed;
}
