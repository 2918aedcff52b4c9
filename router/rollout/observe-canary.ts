import { heldVersions } from "../observe/held-versions.ts";
import type { RouterReport } from "../observe/router-report.ts";
import { canaryOf } from "./canary-of.ts";
import type { ObservedCanary, Rollout } from "./rollout.ts";

/** By what routers report that live. That nobody says anything of it is no proof that it is held. */
export function observeCanary(
  { distribution }: Pick<Rollout, "distribution">,
  reports: readonly RouterReport[],
): ObservedCanary {
  const { version = "" } = canaryOf(distribution) ?? {};
  return { isHeld: heldVersions(reports, distribution).get(version) === true };
}
