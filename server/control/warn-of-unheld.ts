import { ServingError } from "../../proto/serving-error.ts";
import { heldVersions } from "../../router/observe/held-versions.ts";
import { isSilent } from "../../router/observe/silence.ts";
import { canaryOf } from "../../router/rollout/canary-of.ts";
import { gainingVersions } from "../../router/rollout/gaining-versions.ts";
import type { Intent } from "../../router/rollout/intent.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { HeardReport } from "../../router/store/control-store.ts";

export interface Move {
  readonly intent: Intent;
  readonly before: Rollout | undefined;
  readonly after: Rollout;
  readonly reports: readonly HeardReport[];
}

/**
 * What to say of versions that get users and that no router sees anybody hold: their calls would fail, or spill. Throws
 * FAILED_PRECONDITION for a promotion to one, unless it is forced: there would be nothing left to spill to. Where routers
 * see no server at all, nothing speaks against the one version, and it is only said.
 */
export function warnOfUnheld({ intent, before, after, reports }: Move): readonly string[] {
  if (before === undefined) return [];
  const live = reports.filter((report) => !isSilent(report));
  const held = heldVersions(live, before.distribution);
  const unheld = [...wantedBy(intent, before, after)].filter(
    (version) => held.get(version) === false,
  );
  const seesServers = [...held.values()].includes(true);
  if (intent.verb === "promote" && intent.force !== true && seesServers && unheld.length > 0)
    throw new ServingError(
      "FAILED_PRECONDITION",
      `cannot promote ${after.distribution.model}: ${whatLacks(unheld)}; let servers load it first, or promote with --force`,
    );
  return unheld.map(
    (version) => `${whatLacks([version])}: calls for it fail, or spill to the stable arm`,
  );
}

/** Steps and promotions go on to the canary's version, whatever they give it now. */
function wantedBy({ verb }: Intent, before: Rollout, after: Rollout): ReadonlySet<string> {
  const gaining = gainingVersions(before.distribution, after.distribution);
  const canary = canaryOf(before.distribution);
  const isOnItsWay = verb === "promote" || verb === "set steps";
  return new Set(isOnItsWay && canary !== undefined ? [...gaining, canary.version] : gaining);
}

function whatLacks(versions: readonly string[]): string {
  return `no server holds version ${versions.join(", ")}, by what routers see`;
}
