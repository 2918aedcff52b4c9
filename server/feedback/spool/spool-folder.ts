import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readLines, type Line } from "../../read-lines.ts";

/** A file of a spool, whoever writes it. */
export interface SpoolEntry {
  readonly path: string;
  /** Nothing in it came before. */
  readonly firstMs: number;
  /** Nothing in it came after. */
  readonly modifiedMs: number;
  readonly bytes: number;
}

const name = /^(\d{13})-[0-9a-f]{12}\.jsonl$/;

/**
 * Names sort by when the first event came, and no two processes make the same: each writes without asking the others.
 */
export function newFileName(firstMs: number): string {
  return `${String(firstMs).padStart(13, "0")}-${randomBytes(6).toString("hex")}.jsonl`;
}

/** Oldest first. Other files in the folder are none of ours. */
export async function listSpool(dir: string): Promise<SpoolEntry[]> {
  const names = (await readdir(dir)).filter((one) => name.test(one)).sort();
  const entries = await Promise.all(names.map((one) => entryOf(dir, one)));
  return entries.filter((entry) => entry !== undefined);
}

/** Undefined when another process has just removed it. */
async function entryOf(dir: string, file: string): Promise<SpoolEntry | undefined> {
  const path = join(dir, file);
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, firstMs: Number(name.exec(file)![1]), modifiedMs: mtimeMs, bytes: size };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** Without the last line when it is torn; nothing when the file was removed since it was listed. */
export async function* linesOf(
  { path }: SpoolEntry,
  { synced }: { readonly synced: boolean },
): AsyncGenerator<Line> {
  try {
    yield* readLines(path, { lastLine: "torn", synced });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
