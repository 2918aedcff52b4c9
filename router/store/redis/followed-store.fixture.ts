import type { Rollout } from "../../rollout/rollout.ts";
import type { ControlStore, StoreFollower, Unreadable } from "../control-store.ts";
import { eventually } from "../eventually.contract.ts";
import { parseStoreAddress } from "../store-address.ts";
import type { RedisSettings } from "./redis-settings.ts";
import { openRedisStore } from "./redis-store.ts";

/** A store that somebody follows, and what he was told. */
export interface FollowedStore extends AsyncDisposable {
  readonly store: ControlStore;
  readonly told: Told;
  /** Writes until it is known to be written. */
  readonly written: (rollout: Rollout, expected: number) => Promise<void>;
  /** The newest revision that came for the model, and the last state. */
  readonly now: (model?: string) => {
    readonly revision: number;
    readonly state: string | undefined;
  };
}

export interface Told {
  readonly rollouts: Rollout[];
  readonly states: string[];
  /** Of the states that are "down". */
  readonly causes: unknown[];
  readonly read: (readonly string[])[];
  /** Of the last time that all was read. */
  unreadable: readonly Unreadable[];
  readonly notices: string[];
}

/** Impatient, so that tests are quick: settings say otherwise. */
export async function openFollowed(
  url: string,
  settings: Partial<RedisSettings> = {},
): Promise<FollowedStore> {
  const told: Told = {
    rollouts: [],
    states: [],
    causes: [],
    read: [],
    unreadable: [],
    notices: [],
  };
  const store = await openRedisStore({
    address: parseStoreAddress(url),
    timeoutMs: 250,
    pollMs: 100,
    onNotice: ({ message, details = {} }) =>
      void told.notices.push([message, ...Object.values(details)].join(": ")),
    ...settings,
  });
  const end = new AbortController();
  const follower: StoreFollower = {
    onRollout: (rollout) => void told.rollouts.push(rollout),
    onState(state, cause) {
      told.states.push(state);
      if (state === "down") told.causes.push(cause);
    },
    onRead(models, unreadable) {
      told.read.push(models);
      told.unreadable = unreadable;
    },
  };
  const following = store.follow(follower, end.signal);
  return {
    store,
    told,
    written: (rollout, expected) =>
      eventually(() => store.write(rollout, expected).then(() => "written")).toBe("written"),
    now(model = "toy") {
      const of = told.rollouts.filter(({ distribution }) => distribution.model === model);
      const revisions = of.map(({ distribution }) => distribution.revision);
      return { revision: Math.max(0, ...revisions), state: told.states.at(-1) };
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await following;
      await store.close();
    },
  };
}
