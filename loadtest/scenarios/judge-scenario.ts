import type { Outcome } from "../verdict/verdict.ts";
import type { Claim, Scenario, Seen } from "./scenario.ts";

export interface ScenarioVerdict {
  readonly outcome: Outcome;
  /** Why it proves nothing. */
  readonly reasons: readonly string[];
  readonly claims: readonly Claim[];
}

/** A run that kept no schedule proves nothing, whatever it showed. */
export function judgeScenario({ judge }: Scenario, seen: Seen): ScenarioVerdict {
  const { invalid, ended } = seen.result;
  const claims = judge(seen);
  const reasons = invalid.map(({ message }) => message);
  if (reasons.length > 0) return { outcome: "invalid", reasons, claims };
  if (ended !== undefined) return { outcome: "fail", reasons: [ended.because], claims };
  if (claims.some(({ holds }) => holds === false)) return { outcome: "fail", reasons, claims };
  const isKnown = claims.every(({ holds }) => holds === true);
  return { outcome: isKnown ? "pass" : "invalid", reasons, claims };
}
