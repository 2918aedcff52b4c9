import { canaryOf } from "./canary-of.ts";
import type { Observation, Rollout } from "./rollout.ts";

/**
 * Why steps that run do not go on, whatever the time is; undefined: nothing is in their way, or none run. Who got a version
 * that nobody holds has shown nothing of it, and more users would only fail more.
 */
export function standsStill(
  { distribution, state }: Pick<Rollout, "distribution" | "state">,
  { canary }: Pick<Observation, "canary">,
): string | undefined {
  if (state.phase !== "stepping" || canary.isHeld) return undefined;
  return `no server holds version ${canaryOf(distribution)?.version}`;
}
