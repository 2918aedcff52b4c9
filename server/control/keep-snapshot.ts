import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readSnapshot, writeSnapshot } from "../../router/store/snapshot.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface SnapshotOptions {
  readonly path: string;
  readonly held: HeldRollouts;
  readonly log: Log;
}

/** Takes what this router went by when it ran last; a snapshot that cannot be used is logged, and there is none. */
export async function takeSnapshot({ path, held, log }: SnapshotOptions): Promise<void> {
  try {
    for (const rollout of await readSnapshot(path)) await held.take(rollout);
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
export function keepSnapshot({ path, held, log }: SnapshotOptions): KeptSnapshot {
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
      await writeSnapshot(path, rollouts);
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
