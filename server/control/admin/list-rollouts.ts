import {
  StoreState,
  type ListRolloutsResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Rollout } from "../../../router/rollout/rollout.ts";
import type { Control } from "../control.ts";
import { rolloutMessage } from "./rollout-message.ts";
import { unlessDown } from "./rollout-status.ts";

/** Of each model the newest, from the store or this router, by name. */
export async function listRollouts(control: Control): Promise<ListRolloutsResponse> {
  const own = control.rollouts();
  const kept = await control.store.list().catch(unlessDown);
  const newest = new Map<string, Rollout>();
  for (const rollout of [...(kept ?? []), ...own]) {
    const { model } = rollout.distribution;
    if (revisionOf(newest.get(model)) < revisionOf(rollout)) newest.set(model, rollout);
  }
  const rollouts = [...newest.values()].map(rolloutMessage);
  return {
    rollouts: rollouts.toSorted((a, b) => (a.model < b.model ? -1 : 1)),
    store: kept === undefined ? StoreState.DOWN : agreement(kept, own),
  };
}

/** @param own Was read first: what it has more was lost. */
function agreement(kept: readonly Rollout[], own: readonly Rollout[]): StoreState {
  const revisions = new Map(kept.map((one) => [one.distribution.model, revisionOf(one)]));
  const isAhead = (one: Rollout) => revisionOf(one) > (revisions.get(one.distribution.model) ?? 0);
  return own.some(isAhead) ? StoreState.BEHIND : StoreState.OK;
}

/** Below 0: there is none. One that routers begin with has 0. */
function revisionOf(rollout: Rollout | undefined): number {
  return rollout?.distribution.revision ?? -1;
}
