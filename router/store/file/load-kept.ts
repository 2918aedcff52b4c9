import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import { fileError } from "../file-error.ts";
import { revisionOf } from "../../rollout/revision-of.ts";
import { replaceFile, syncFolder } from "../replace-file.ts";
import type { AuditLog } from "./audit-log.ts";
import { afterEntry, decodeKept, encodeKept, type Kept, type KeptModel } from "./kept.ts";

export interface KeptFiles {
  readonly current: string;
  /** What it held before the last change. */
  readonly previous: string;
}

export function keptFiles(dir: string): KeptFiles {
  return { current: join(dir, "rollouts.json"), previous: join(dir, "rollouts.previous.json") };
}

export interface Loading {
  readonly dir: string;
  readonly log: AuditLog;
  readonly onNotice: (sentence: string) => void;
}

/**
 * What was kept last. A damaged file is put aside, and what it held made again from the one before it and the audit log;
 * where that is damaged as well, it rejects: an empty store would look like one in order.
 */
export async function loadKept({ dir, log, onNotice }: Loading): Promise<Map<string, KeptModel>> {
  const files = keptFiles(dir);
  const current = await tryReading(files.current);
  if (!(current instanceof ServingError) && current !== undefined) return new Map(current);
  const kept = await remake(files, log);
  if (kept.size === 0) {
    if (current !== undefined) throw hopeless(files, current);
    return kept;
  }
  const aside = `${files.current}.damaged-${Date.now()}`;
  if (current !== undefined) await rename(files.current, aside);
  await replaceFile(files.current, encodeKept(kept));
  await syncFolder(dir);
  const found = current === undefined ? `${files.current} was gone` : current.message;
  const where = current === undefined ? "" : ` The damaged file is now ${aside}.`;
  onNotice(
    `${found}. What it held was made again from what is beside it: ${inWords(kept)}.${where}`,
  );
  return kept;
}

async function remake(files: KeptFiles, log: AuditLog): Promise<Map<string, KeptModel>> {
  const previous = await tryReading(files.previous);
  if (previous instanceof ServingError) throw hopeless(files, previous);
  const kept = new Map(previous);
  for await (const { model, entry } of log.forwards()) {
    const next = afterEntry(kept.get(model), entry);
    if (next !== undefined) kept.set(model, next);
  }
  return kept;
}

/** Undefined: there is none. An error: it is damaged. Rejects for what must not be replaced. */
async function tryReading(path: string): Promise<Kept | ServingError | undefined> {
  try {
    return decodeKept(await readFile(path, "utf8"), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (error instanceof ServingError && error.code === Code.DATA_LOSS) return error;
    throw fileError(path, error);
  }
}

function hopeless({ current, previous }: KeptFiles, cause: ServingError): ServingError {
  return new ServingError(
    "DATA_LOSS",
    `${cause.message}, and nothing beside it says what it held. Bring back ${current} or ${previous}, or move both away and ` +
      'begin anew: routers that still run keep what they have, and "crossfade rollout adopt" writes it back',
    { cause },
  );
}

function inWords(kept: Kept): string {
  return Array.from(
    kept,
    ([model, { rollout }]) => `${model} at revision ${revisionOf(rollout)}`,
  ).join(", ");
}
