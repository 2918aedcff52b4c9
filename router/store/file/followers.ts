import { once } from "node:events";
import type { Rollout } from "../../rollout/rollout.ts";
import type { StoreFollower } from "../control-store.ts";

export interface Followers {
  /** Tells the follower of all that is kept, then keeps it in the picture until the signal aborts or `close`. */
  add(follower: StoreFollower, signal: AbortSignal): Promise<void>;
  tell(rollout: Rollout): void;
  close(): void;
}

/** Those who follow within this process. */
export function createFollowers(kept: () => readonly Rollout[]): Followers {
  const followers = new Set<StoreFollower>();
  const closing = new AbortController();

  return {
    async add(follower, signal) {
      const end = AbortSignal.any([signal, closing.signal]);
      if (end.aborted) return;
      followers.add(follower);
      const all = kept();
      for (const rollout of all) follower.onRollout(rollout);
      follower.onState("up");
      // What cannot be read does not let the store open.
      follower.onRead?.(
        all.map(({ distribution }) => distribution.model),
        [],
      );
      await once(end, "abort");
      followers.delete(follower);
    },
    tell(rollout) {
      for (const follower of followers) follower.onRollout(rollout);
    },
    close: () => closing.abort(),
  };
}
