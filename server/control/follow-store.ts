import { isDeepStrictEqual } from "node:util";
import type { Distribution } from "../../router/distribution.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts, RefusalKind } from "./held-rollouts.ts";

export interface FollowStoreOptions {
  readonly store: Pick<ControlStore, "name" | "follow">;
  readonly held: HeldRollouts;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** A rollout came that is not taken: once for each. */
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
  const tell = createComplaints(options);
  const taking = new Set<Promise<void>>();
  let isUp = false;
  let readMs: number | undefined;
  let read!: () => void;
  const first = new Promise<void>((resolve) => (read = resolve));

  async function take(rollout: Rollout): Promise<void> {
    const taken = await held.take(rollout);
    if (taken.kind === "invalid" || taken.kind === "newer_format")
      tell(rollout, taken.kind, taken.message);
  }

  const following = store.follow(
    {
      onRollout(rollout) {
        stored.set(rollout.distribution.model, rollout);
        const one: Promise<void> = take(rollout).finally(() => taking.delete(one));
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
      onRead(models) {
        readMs = nowMs();
        for (const model of stored.keys()) if (!models.includes(model)) stored.delete(model);
        behind.read();
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
    firstRead: first.then(() => Promise.all(taking)).then(() => {}),
    done: following,
  };
}

const advice = {
  invalid: "crossfade rollout undo writes what was there before",
  newer_format: "upgrade this router, or write with the version that it runs",
};

/** Logs each document that is not taken once, however often it is read. */
function createComplaints({ log, refused }: FollowStoreOptions) {
  const told = new Map<string, string>();
  return ({ distribution }: Rollout, kind: keyof typeof advice, why: string) => {
    const { model, revision } = distribution;
    const key = `${revision} ${kind}`;
    if (told.get(model) === key) return;
    told.set(model, key);
    refused(model, kind);
    const todo = advice[kind];
    log.error("rollout refused; what holds stays", { model, revision, why, todo });
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
    /** Everything was read. */
    read(): void {
      for (const { distribution } of held.all())
        if (distribution.revision > 0) judge(distribution, isFirst ? readsToBelieve : 1);
      isFirst = false;
    },
  };
}

function lossOf(theirs: Distribution | undefined, mine: Distribution): RefusalKind | undefined {
  if (theirs === undefined || theirs.revision < mine.revision) return "older";
  if (theirs.revision > mine.revision || isDeepStrictEqual(theirs, mine)) return undefined;
  return "conflict";
}
