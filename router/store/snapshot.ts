import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { checkRollout } from "../rollout/check-rollout.ts";
import { fileError } from "./file-error.ts";
import { replaceFile, syncFolder } from "./replace-file.ts";
import { seal, unseal } from "./sealed-json.ts";

/** Format 1 was a list of rollouts, of a store without a name. */
const kind = { kind: "crossfade snapshot", format: 2 };

export interface Snapshot {
  /** The name of the store that they came from; none in those that earlier builds wrote. */
  readonly store?: string;
  readonly rollouts: readonly Rollout[];
}

/** Keeps the rollouts that a router goes by, for when it starts and the store cannot be reached. */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  try {
    await replaceFile(path, seal(kind, snapshot));
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(path, error);
  }
}

/**
 * Empty when there is no such file. Rejects for one that is damaged or that a newer build wrote; it says so in a sentence,
 * and a caller can go on without it: the next snapshot replaces it.
 */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const source = `the snapshot ${path}`;
  const content = unseal(await textOf(path), kind, source);
  const { store, rollouts } = Array.isArray(content) ? { rollouts: content } : asRecord(content);
  if (!Array.isArray(rollouts) || !(store === undefined || typeof store === "string"))
    throw new ServingError("DATA_LOSS", `${source} holds no list of rollouts of a store`);
  return {
    ...(store !== undefined && { store }),
    rollouts: rollouts.map((rollout, i) => checkRollout(rollout, `rollout ${i} of ${source}`)),
  };
}

function asRecord(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === "object" && content !== null ? { ...content } : {};
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return seal(kind, { rollouts: [] });
    throw fileError(path, error);
  }
}
