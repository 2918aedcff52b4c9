import type { Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts } from "./held-rollouts.ts";
import type { Refused } from "./refused.ts";
import { watchForLoss } from "./watch-for-loss.ts";
import { watchUnreadable } from "./watch-unreadable.ts";

export interface FollowStoreOptions {
  readonly store: Pick<ControlStore, "name" | "follow">;
  readonly held: HeldRollouts;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly refused: Refused;
  /** The state of the store changed. */
  readonly changed: () => void;
}

/** What this process knows of its store. Nothing waits for the store itself. */
export interface FollowedStore {
  readonly isUp: () => boolean;
  /** When all of it was read last. */
  readMs(): number | undefined;
  /** As it was told last; not only while the store is up. */
  stored(model: string): Rollout | undefined;
  /** It has less than what is held here, or something else: it was lost, or restored from earlier. */
  isBehind(model: string): boolean;
  /** It is damaged there, or a newer build's. */
  isUnreadable(model: string): boolean;
  /** Settles when all was read once and calls are routed by it. */
  readonly firstRead: Promise<void>;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

/** Takes what the store tells. */
export function followStore(options: FollowStoreOptions): FollowedStore {
  const { store, held, log, signal, nowMs, changed } = options;
  const stored = new Map<string, Rollout>();
  const behind = watchForLoss(options, stored);
  const unreadable = watchUnreadable(options);
  const taking = new Set<Promise<void>>();
  let isUp = false;
  let readMs: number | undefined;
  let read!: () => void;
  const first = new Promise<void>((resolve) => (read = resolve));

  const following = store.follow(
    {
      onRollout(rollout) {
        stored.set(rollout.distribution.model, rollout);
        const one: Promise<void> = held.take(rollout).finally(() => taking.delete(one));
        taking.add(one);
        behind.told(rollout.distribution.model);
      },
      onState(state, cause) {
        isUp = state === "up";
        if (isUp) log.info("store is up", { store: store.name });
        else
          log.error("store cannot be read; what holds stays", { store: store.name, error: cause });
        if (isUp) read();
        changed();
      },
      onRead(models, others) {
        readMs = nowMs();
        unreadable.read(others);
        for (const model of stored.keys())
          if (!models.includes(model) && !unreadable.is(model)) stored.delete(model);
        behind.read(unreadable.is);
        read();
      },
    },
    signal,
  );
  return {
    isUp: () => isUp,
    readMs: () => readMs,
    stored: (model) => stored.get(model),
    isBehind: behind.is,
    isUnreadable: unreadable.is,
    firstRead: first.then(() => Promise.all(taking)).then(() => {}),
    done: following,
  };
}
