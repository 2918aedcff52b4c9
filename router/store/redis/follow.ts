import { setTimeout as delay } from "node:timers/promises";
import { type Alarm, createAlarm } from "../../alarm.ts";
import type { StoreFollower, Unreadable } from "../control-store.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { answerBells } from "./answer-bells.ts";
import { backoffMs } from "./client-options.ts";
import type { Listener, ListenerEvents } from "./listener.ts";

/** What was read of a store. */
export interface Reading {
  readonly rollouts: readonly Rollout[];
  readonly unreadable: readonly Unreadable[];
  /** Of asking for it. */
  readonly failures: readonly unknown[];
}

export interface Followed {
  /** Never rejects. */
  readAll(): Promise<Reading>;
  read(model: string): Promise<Rollout | undefined>;
  /** Calls back when reading may have begun or ceased to be possible, until the returned function is called. */
  onChange(changed: () => void): () => void;
  listen(events: ListenerEvents): Listener;
  readonly channel: string;
  readonly isPushed: boolean;
  /** Whether messages come, when that changes. */
  onListening?(isListening: boolean, failure?: unknown): void;
  readonly pollMs: number;
  /** How often a listener is asked whether it is still there. */
  readonly pingMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * Reading all of it now and then is what counts; messages make it quicker: what they name is read. They come at most once, and a
 * connection that brings none may be dead: it is asked now and then, and after it was away all is read again.
 */
export async function follow(
  store: Followed,
  follower: StoreFollower,
  signal: AbortSignal,
): Promise<void> {
  const alarm = createAlarm();
  const unsubscribe = store.onChange(alarm.ring);
  signal.addEventListener("abort", alarm.ring);
  const listening = store.isPushed
    ? listen(store, { signal, alarm, onRollout: (rollout) => follower.onRollout(rollout) })
    : undefined;
  let state: "up" | "down" | undefined;
  while (!signal.aborted) {
    const { rollouts, unreadable, failures } = await store.readAll();
    if (signal.aborted) break;
    for (const rollout of rollouts) follower.onRollout(rollout);
    const now = failures.length === 0 ? "up" : "down";
    if (now !== state) follower.onState(now, failures[0]);
    state = now;
    const models = rollouts.map(({ distribution }) => distribution.model);
    if (now === "up") follower.onRead?.(models, unreadable);
    await alarm.wait(store.pollMs * (0.8 + 0.4 * store.random()));
  }
  signal.removeEventListener("abort", alarm.ring);
  unsubscribe();
  await listening;
}

interface Listening {
  readonly signal: AbortSignal;
  readonly alarm: Alarm;
  readonly onRollout: (rollout: Rollout) => void;
}

async function listen(store: Followed, { signal, alarm, onRollout }: Listening): Promise<void> {
  const bells = answerBells({
    async read(model) {
      const rollout = await store.read(model);
      if (rollout !== undefined && !signal.aborted) onRollout(rollout);
    },
    readAll: alarm.ring,
    signal,
  });
  let attempt = 0;
  while (!signal.aborted) {
    const failure = await listenOnce(store, signal, {
      onMessage: bells.ring,
      onSubscribed: () => {
        attempt = 0;
        store.onListening?.(true);
        // What was written meanwhile nobody told.
        alarm.ring();
      },
    });
    if (signal.aborted) break;
    if (attempt === 0) store.onListening?.(false, failure);
    await delay(backoffMs(attempt++), undefined, { signal }).catch(() => {});
  }
  await bells.done();
}

interface Subscription {
  readonly onMessage: (message: string) => void;
  readonly onSubscribed: () => void;
}

/** Resolves with the reason when the connection has failed, or when the signal aborts. */
async function listenOnce(
  store: Followed,
  signal: AbortSignal,
  { onMessage, onSubscribed }: Subscription,
): Promise<unknown> {
  const pulse = createAlarm();
  const listener = store.listen({ onMessage, onEnd: pulse.ring });
  const end = () => (listener.close(), pulse.ring());
  signal.addEventListener("abort", end);
  try {
    await listener.subscribe(store.channel);
    onSubscribed();
    // Of a connection that has ended the ping fails.
    while (!signal.aborted) {
      await pulse.wait(store.pingMs);
      await listener.ping();
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    signal.removeEventListener("abort", end);
    listener.close();
  }
}
