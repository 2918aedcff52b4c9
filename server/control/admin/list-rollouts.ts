import {
  StoreState,
  type ListRolloutsResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { isRecent } from "../../../router/observe/silence.ts";
import { hasSameContent } from "../../../router/rollout/has-same-content.ts";
import type { Rollout } from "../../../router/rollout/rollout.ts";
import type { HeardReport } from "../../../router/store/control-store.ts";
import type { Control } from "../control.ts";
import { rolloutMessage } from "./rollout-message.ts";
import { unlessDown } from "./rollout-status.ts";

/** Of each model the newest, from the store or this router, by name; what cannot be read of the store is named. */
export async function listRollouts(control: Control): Promise<ListRolloutsResponse> {
  // What is kept is read last: what others have more then was lost.
  const own = control.rollouts();
  const reports = await control.store.reports().catch(unlessDown);
  const kept = await control.store.list().catch(unlessDown);
  const newest = new Map<string, Rollout>();
  for (const rollout of [...(kept?.rollouts ?? []), ...own]) {
    const { model } = rollout.distribution;
    if (revisionOf(newest.get(model)) < revisionOf(rollout)) newest.set(model, rollout);
  }
  const rollouts = [...newest.values()].map((rollout) => rolloutMessage(rollout));
  const listed = rollouts.toSorted((a, b) => (a.model < b.model ? -1 : 1));
  if (kept === undefined || reports === undefined)
    return { rollouts: listed, store: StoreState.DOWN, lost: [], unreadable: [] };
  const unreadable = kept.unreadable.map(({ model, why }) => ({ model, why: why.message }));
  // Of what cannot be read nobody knows whether it is less than what routers hold.
  const isUnreadable = (model: string) => unreadable.some((one) => one.model === model);
  const lost = lostModels(kept.rollouts, own, reports).filter((model) => !isUnreadable(model));
  const store = lost.length === 0 ? StoreState.OK : StoreState.BEHIND;
  return { rollouts: listed, store, lost, unreadable };
}

/** Of which routers hold more than the store, or something else by the same revision. */
function lostModels(
  kept: readonly Rollout[],
  own: readonly Rollout[],
  reports: readonly HeardReport[],
): string[] {
  const stored = new Map(kept.map((one) => [one.distribution.model, one]));
  const storedRevision = (model: string) => Math.max(0, revisionOf(stored.get(model)));
  const here = own.filter(({ distribution }) => {
    const { model, revision } = distribution;
    const theirs = stored.get(model)?.distribution;
    return theirs?.revision === revision
      ? !hasSameContent(theirs, distribution)
      : revision > storedRevision(model);
  });
  const elsewhere = reports
    .filter(isRecent)
    .flatMap(({ models }) => Object.entries(models))
    .filter(([model, { revision }]) => revision > storedRevision(model));
  const lost = [...here.map((one) => one.distribution.model), ...elsewhere.map(([model]) => model)];
  return [...new Set(lost)].toSorted();
}

/** Below 0: there is none. One that routers begin with has 0. */
function revisionOf(rollout: Rollout | undefined): number {
  return rollout?.distribution.revision ?? -1;
}
