import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../models/random.ts";
import { examineFileStore } from "./examine-file-store.ts";
import { killedModels } from "./killed-rollouts.ts";
import { type KilledWriter, startKilledWriter } from "./killed-writer.ts";

export interface FileStoreKills {
  readonly kills: number;
  readonly seed: number;
  /** Changes that were acknowledged. */
  readonly acknowledged: number;
  /** Kills after a change was on the disk and before it was acknowledged. */
  readonly unacknowledged: number;
  /** Kills that left a file half written beside the one it was to replace. */
  readonly halfWritten: number;
  /** Kills in the middle of a line of the log. */
  readonly tornLines: number;
  /** A sentence for each thing that must not be. */
  readonly missed: readonly string[];
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (number: number) => void;
}

/**
 * kill -9 of the process that writes to a file store, again and again at random instants, over one folder. After each the
 * folder must hold all that was acknowledged, whole, and nothing that was never written.
 */
export async function killFileStore({ kills, seed, onKill }: KillOptions): Promise<FileStoreKills> {
  const dir = await mkdtemp(join(tmpdir(), "crossfade-killed-"));
  const random = new Random(seed);
  const missed: string[] = [];
  const seen = { acknowledged: 0, unacknowledged: 0, halfWritten: 0, tornLines: 0 };
  let held: ReadonlyMap<string, number> = new Map(killedModels.map((model) => [model, 0]));
  let next = startKilledWriter();
  try {
    for (let number = 1; number <= kills; number++) {
      const writer = next;
      next = startKilledWriter();
      const newest = await killAtRandom(writer, dir, random);
      const names = await readdir(dir);
      const found = await examineFileStore(dir, { atLeast: newest, before: held });
      missed.push(...found.missed.map((line) => `kill ${number}: ${line}`));
      for (const [model, revision] of newest) seen.acknowledged += revision - held.get(model)!;
      if (found.isAhead) seen.unacknowledged++;
      if (names.some((name) => name.endsWith(".new"))) seen.halfWritten++;
      if (found.hasTornLine) seen.tornLines++;
      held = found.held;
      onKill?.(number);
    }
  } finally {
    await next[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  }
  return { kills, seed, ...seen, missed };
}

const openingMs = 40;
const mostChanges = 12;
const changeMs = 4;

/** While it opens the folder, or in the middle of a change. */
async function killAtRandom(writer: KilledWriter, dir: string, random: Random) {
  writer.begin(dir);
  if (random.share() < 0.25) {
    await sleep(random.share() * openingMs);
  } else {
    await writer.acknowledged(1 + Math.floor(random.share() * mostChanges));
    const untilMs = performance.now() + random.share() * changeMs;
    // Timers are too coarse to meet every part of a change.
    while (performance.now() < untilMs);
  }
  return writer.kill();
}
