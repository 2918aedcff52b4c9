import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { checkRollout } from "../rollout/check-rollout.ts";
import { fileError } from "./file-error.ts";
import { replaceFile, syncFolder } from "./replace-file.ts";
import { seal, unseal } from "./sealed-json.ts";

const kind = { kind: "crossfade snapshot", format: 1 };

/** Keeps the rollouts that a router goes by, for when it starts and the store cannot be reached. */
export async function writeSnapshot(path: string, rollouts: readonly Rollout[]): Promise<void> {
  try {
    await replaceFile(path, seal(kind, rollouts));
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(path, error);
  }
}

/**
 * None, when there is no such file. Rejects for one that is damaged or that a newer build wrote; it says so in a sentence,
 * and a caller can go on without it: the next snapshot replaces it.
 */
export async function readSnapshot(path: string): Promise<readonly Rollout[]> {
  const content = unseal(await textOf(path), kind, `the snapshot ${path}`);
  if (!Array.isArray(content))
    throw new ServingError("DATA_LOSS", `the snapshot ${path} holds no list of rollouts`);
  return content.map((rollout, i) => checkRollout(rollout, `rollout ${i} of the snapshot ${path}`));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return seal(kind, []);
    throw fileError(path, error);
  }
}
