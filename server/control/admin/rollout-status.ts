import {
  StoreState,
  type GetRolloutResponse,
  type RouterState,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import { observeCanary } from "../../../router/rollout/observe-canary.ts";
import type { Rollout } from "../../../router/rollout/rollout.ts";
import { standsStill } from "../../../router/rollout/stands-still.ts";
import { modelReport } from "../../../router/observe/model-report.ts";
import { heldVersions } from "../../../router/observe/held-versions.ts";
import { isSilent } from "../../../router/observe/silence.ts";
import type { HeardReport } from "../../../router/store/control-store.ts";
import type { Control } from "../control.ts";
import { lookAt, ownReport, type Standing } from "../standing.ts";
import { observedArms } from "./observed-arms.ts";
import { loweredMessage, rolloutMessage } from "./rollout-message.ts";
import { unknownRollout } from "./unknown-rollout.ts";

/**
 * A model's rollout, and how far the routers are with it; from this router alone while the store is down, or cannot be read
 * of this model.
 */
export async function rolloutStatus(control: Control, model: string): Promise<GetRolloutResponse> {
  let unreadable: ServingError | undefined;
  const standing = await lookAt(control, model).catch((thrown: unknown) => {
    unreadable = whyUnreadable(thrown);
    return unreadable === undefined ? unlessDown(thrown) : undefined;
  });
  const rollout = shown(standing, control.rollout(model));
  if (rollout === undefined) throw unreadable ?? unknownRollout(control, model);
  const reports = standing?.reports ?? [ownReport(control)];
  return {
    rollout: rolloutMessage(rollout, seenOf(rollout, reports)),
    routers: reports.map((report) => routerState(report, model)),
    observed: observedArms(reports, rollout),
    store: storeState(standing),
    unreadable: unreadable?.message ?? "",
  };
}

const unreadableCodes: readonly Code[] = [
  Code.DATA_LOSS,
  Code.INVALID_ARGUMENT,
  Code.FAILED_PRECONDITION,
];

function whyUnreadable(thrown: unknown): ServingError | undefined {
  const error = ServingError.from(thrown);
  return unreadableCodes.includes(error.code) ? error : undefined;
}

function seenOf(rollout: Rollout, reports: readonly HeardReport[]) {
  const live = reports.filter((report) => !isSilent(report));
  const canary = observeCanary(rollout, live);
  return {
    held: heldVersions(live, rollout.distribution),
    standsStill: standsStill(rollout, { canary }),
  };
}

/** For what can be told without the store. */
export function unlessDown(thrown: unknown): undefined {
  const error = ServingError.from(thrown);
  if (error.code !== Code.UNAVAILABLE && error.code !== Code.DEADLINE_EXCEEDED) throw error;
  return undefined;
}

function shown(standing: Standing | undefined, own: Rollout | undefined): Rollout | undefined {
  if (standing === undefined) return own;
  const { kept, held, isBehind } = standing;
  return (isBehind ? held : kept) ?? own;
}

function storeState(standing: Standing | undefined): StoreState {
  if (standing === undefined) return StoreState.DOWN;
  return standing.isBehind ? StoreState.BEHIND : StoreState.OK;
}

function routerState({ router, atMs, models, silentMs }: HeardReport, model: string): RouterState {
  const report = modelReport(models, model);
  return {
    router,
    revision: report?.revision ?? 0,
    applied: report && new Date(report.appliedAtMs),
    reported: new Date(atMs),
    contradictions: report?.observed.contradictions ?? 0,
    lowered: report?.lowered && loweredMessage(report.lowered),
    silentMs: Math.round(silentMs),
    isSilent: isSilent({ silentMs }),
  };
}
