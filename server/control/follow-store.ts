import { isDeepStrictEqual } from "node:util";
import { Code } from "../../proto/serving-error.ts";
import type { Distribution } from "../../router/distribution.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore, Unreadable } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

/** Why what the store keeps of a model is not routed by. */
export type RefusalKind = "older" | "conflict" | "invalid" | "newer_format";

export interface FollowStoreOptions {
  readonly store: Pick<ControlStore, "name" | "follow">;
  readonly held: HeldRollouts;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** What the store keeps is not routed by: once for each. */
  readonly refused: (model: string, why: RefusalKind) => void;
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

/**
 * What a read began with may be older than what was pushed meanwhile: only the second one in a row says that it is so.
 * Before the first one nothing was pushed.
 */
const readsToBelieve = 2;

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

const advice = {
  invalid: "remove its key from the store, then crossfade rollout adopt writes what routers hold",
  newer_format: "upgrade this router, or write with the version that it runs",
};

/** Tells once of each rollout that cannot be read, however often it is tried. */
function watchUnreadable({ log, refused }: FollowStoreOptions) {
  let told: ReadonlyMap<string, string> = new Map();
  return {
    is: (model: string) => told.has(model),
    read(unreadable: readonly Unreadable[]): void {
      const before = told;
      told = new Map(unreadable.map(({ model, why }) => [model, why.message]));
      for (const { model, why } of unreadable) {
        if (before.get(model) === why.message) continue;
        const kind = why.code === Code.FAILED_PRECONDITION ? "newer_format" : "invalid";
        refused(model, kind);
        log.error("rollout cannot be read; what holds stays", {
          model,
          why: why.message,
          todo: advice[kind],
        });
      }
    },
  };
}

/** Finds models of which the store holds less than this process does, or something else by the same revision. */
function watchForLoss(
  { held, log, refused, changed }: FollowStoreOptions,
  stored: ReadonlyMap<string, Rollout>,
) {
  /** How many reads in a row said so. */
  const reads = new Map<string, number>();
  let isFirst = true;

  function judge(mine: Distribution, weight: number): void {
    const { model, revision } = mine;
    const theirs = stored.get(model)?.distribution;
    const kind = lossOf(theirs, mine);
    const before = reads.get(model) ?? 0;
    const now = kind === undefined ? 0 : before + weight;
    reads.set(model, now);
    if (kind !== undefined && before < readsToBelieve && now >= readsToBelieve) {
      refused(model, kind);
      log.error("the store lost what this router holds; what holds stays", {
        model,
        stored: theirs?.revision ?? "none",
        held: kind === "older" ? revision : `another ${revision}`,
        todo: `crossfade rollout adopt ${model}`,
      });
      changed();
    }
    if (kind === undefined && before >= readsToBelieve) {
      log.info("the store holds what this router does again", { model, revision });
      changed();
    }
  }

  return {
    is: (model: string) => (reads.get(model) ?? 0) >= readsToBelieve,
    /** A rollout was told, and taken if it is newer. */
    told(model: string): void {
      const mine = held.of(model)?.distribution;
      if (mine !== undefined && (reads.get(model) ?? 0) > 0) judge(mine, 0);
    },
    /** Everything was read, but for what cannot be: of that nobody knows. */
    read(isUnknown: (model: string) => boolean): void {
      for (const { distribution } of held.all())
        if (distribution.revision > 0 && !isUnknown(distribution.model))
          judge(distribution, isFirst ? readsToBelieve : 1);
      isFirst = false;
    },
  };
}

function lossOf(theirs: Distribution | undefined, mine: Distribution): RefusalKind | undefined {
  if (theirs === undefined || theirs.revision < mine.revision) return "older";
  if (theirs.revision > mine.revision || isDeepStrictEqual(theirs, mine)) return undefined;
  return "conflict";
}
