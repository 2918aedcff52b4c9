import { open, readFile, rename, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { AuditEntry } from "../control-store.ts";
import { syncFolder } from "../replace-file.ts";
import { checkEntry } from "../check-entry.ts";
import { linesBackwards } from "./lines-backwards.ts";

/** One line of the log. */
export interface AuditLine {
  readonly model: string;
  /** What the store held then: the new revision, or for a note the one that was there. */
  readonly revision: number;
  readonly entry: AuditEntry;
}

/** Two files of lines of JSON; when the newer one is full it takes the place of the older one. */
export interface AuditLog {
  /** On the disk when this resolves; what fails leaves nothing behind. */
  append(line: AuditLine): Promise<void>;
  /** Of one model, newest first; only those that hold the text somewhere. No more is read than is asked for. */
  backwards(model: string, text: string): AsyncIterable<AuditLine & { readonly bytes: number }>;
  /** Of all models, oldest first. */
  forwards(): AsyncIterable<AuditLine>;
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly dir: string;
  /** Of each of the two files. One entry alone may be larger. */
  readonly maxBytes: number;
  readonly onNotice: (sentence: string) => void;
}

const newline = 0x0a;

export async function openAuditLog({
  dir,
  maxBytes,
  onNotice,
}: AuditLogOptions): Promise<AuditLog> {
  const path = join(dir, "audit.jsonl");
  const older = join(dir, "audit.1.jsonl");
  let file = await openOrCreate(path, dir);
  let bytes = await withoutTornLine(file, path, onNotice);

  async function append(line: AuditLine): Promise<void> {
    const json = Buffer.from(`${JSON.stringify(line)}\n`);
    if (bytes > 0 && bytes + json.length > maxBytes) await rotate();
    try {
      await writeAll(file, json, bytes);
      await file.datasync();
    } catch (error) {
      await file.truncate(bytes).catch(() => {});
      throw error;
    }
    bytes += json.length;
  }

  async function rotate(): Promise<void> {
    await rename(path, older).catch((error: unknown) => {
      // A rotation that failed half way had moved it.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    });
    const next = await openOrCreate(path, dir);
    await file.close();
    file = next;
    bytes = 0;
  }

  return {
    append,
    async *backwards(model, text) {
      const start = Buffer.from(`${JSON.stringify({ model }).slice(0, -1)},`);
      for (const name of [path, older]) {
        for await (const line of linesBackwards(name)) {
          if (!line.subarray(0, start.length).equals(start) || !line.includes(text)) continue;
          const read = parse(line);
          if (read !== undefined) yield { ...read, bytes: line.length };
        }
      }
    },
    async *forwards() {
      for (const name of [older, path])
        for (const line of linesOf(await readIfThere(name))) {
          const read = parse(line);
          if (read !== undefined) yield read;
        }
    },
    close: () => file.close(),
  };
}

async function openOrCreate(path: string, dir: string): Promise<FileHandle> {
  const isNew = (await stat(path).catch(() => undefined)) === undefined;
  const file = await open(path, isNew ? "wx+" : "r+");
  if (isNew) await syncFolder(dir);
  return file;
}

/** A killed writer can leave half a line at the end; the entry itself is in the store's file as well. */
async function withoutTornLine(
  file: FileHandle,
  path: string,
  onNotice: (sentence: string) => void,
): Promise<number> {
  const content = await file.readFile();
  const end = content.lastIndexOf(newline) + 1;
  if (end < content.length) {
    onNotice(`${path} ended in ${content.length - end} bytes of a torn line, which were cut off`);
    await file.truncate(end);
  }
  return end;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function* linesOf(content: Buffer): Generator<Buffer> {
  let start = 0;
  for (let end; (end = content.indexOf(newline, start)) >= 0; start = end + 1)
    yield content.subarray(start, end);
}

/** What cannot be read is left out: it then is missing in the chain of hashes. */
function parse(line: Buffer): AuditLine | undefined {
  try {
    const { model, revision, entry } = JSON.parse(line.toString()) as AuditLine;
    return { model, revision, entry: checkEntry(entry, "the line") };
  } catch {
    return undefined;
  }
}
