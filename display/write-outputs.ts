import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { formatBytes } from "./figures.ts";

export interface Output {
  readonly path: string;
  readonly text: string;
}

export interface Writers {
  /** What must not be lost: printed when a file cannot be written. E.g. the saved result. */
  readonly rescue: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Writes each file whole or not at all. What cannot be written is told on stderr, and what must not be lost goes to
 * stdout. Resolves to whether all were written.
 */
export async function writeOutputs(outputs: readonly Output[], writers: Writers): Promise<boolean> {
  const problems: string[] = [];
  for (const output of outputs) {
    try {
      await writeWhole(output);
    } catch (error) {
      problems.push(explain(output, error as NodeJS.ErrnoException));
    }
  }
  if (problems.length === 0) return true;
  for (const problem of problems) writers.stderr(`${problem}\n`);
  writers.stderr("The result follows on standard output, so that it is not lost.\n");
  writers.stdout(writers.rescue.endsWith("\n") ? writers.rescue : `${writers.rescue}\n`);
  return false;
}

/** Readers see the old file or the new one, never a part: also when the disk is full, or the process is killed. */
async function writeWhole({ path, text }: Output): Promise<void> {
  if (await isDevice(path)) return writeFile(path, text);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(draft, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** E.g. /dev/stdout or a pipe: it is written to, never replaced. */
async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on its disk",
  EDQUOT: "the quota of its disk is used up",
  EROFS: "its disk may only be read",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EISDIR: "that is a folder",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "a part of the path is no folder",
};

function explain({ path, text }: Output, { code, message }: NodeJS.ErrnoException): string {
  const why = (code && reasons[code]) ?? message;
  const needs =
    code === "ENOSPC" || code === "EDQUOT"
      ? `; it needs ${formatBytes(Buffer.byteLength(text))}`
      : "";
  return `${path} was not written: ${why}${needs}`;
}
