import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readSnapshot, writeSnapshot } from "../../router/store/snapshot.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface SnapshotOptions {
  readonly path: string;
  /** The name of this router's store. */
  readonly store: string;
  readonly held: HeldRollouts;
  readonly log: Log;
}

/**
 * Takes what this router went by when it ran last; a snapshot that cannot be used is logged, and there is none. That of
 * another store is not: its revisions say nothing of this one's, and `adopt` would write them there.
 */
export async function takeSnapshot({ path, store, held, log }: SnapshotOptions): Promise<void> {
  try {
    const snapshot = await readSnapshot(path);
    if (snapshot.store !== undefined && snapshot.store !== store) {
      const todo = "to keep its rollouts, apply them: crossfade rollout apply";
      log.error("snapshot not used: another store's", { path, of: snapshot.store, store, todo });
      return;
    }
    for (const rollout of snapshot.rollouts) await held.take(rollout);
  } catch (error) {
    log.error("snapshot not used; going on without it", { path, error });
  }
}

export interface KeptSnapshot {
  /** What is held may have changed. */
  changed(): void;
  /** Resolves when nothing is being written. */
  done(): Promise<void>;
}

/** Writes what is held, in the background; of changes that come faster, the last one. */
export function keepSnapshot({ path, store, held, log }: SnapshotOptions): KeptSnapshot {
  let isWriting = false;
  let isWanted = false;
  let writing = Promise.resolve();
  let written = "";
  let hasFailed = false;

  async function write(): Promise<void> {
    const rollouts = held.all().filter(({ distribution }) => distribution.revision > 0);
    const revisions = rollouts.map(({ distribution: { model, revision } }) => [model, revision]);
    const state = JSON.stringify(revisions);
    if (rollouts.length === 0 || state === written) return;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeSnapshot(path, { store, rollouts });
      written = state;
      hasFailed = false;
    } catch (error) {
      // Calls do not need it; only a start without the store would.
      if (!hasFailed) log.error("snapshot not written; the last one stays", { path, error });
      hasFailed = true;
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (isWanted) {
      isWanted = false;
      await write();
    }
    isWriting = false;
  }

  return {
    changed() {
      isWanted = true;
      if (!isWriting) writing = writeAll();
    },
    done: () => writing,
  };
}
