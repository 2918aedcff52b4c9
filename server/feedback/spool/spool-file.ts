import { open, unlink, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** One file that grows. */
export interface SpoolFile {
  readonly path: string;
  /** That are on the disk. */
  bytes(): number;
  /**
   * Resolves when the data is on the disk. When it fails, what it wrote is taken back and the file is done with: what
   * the system holds of a file whose sync failed cannot be trusted.
   */
  append(data: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export type OpenSpoolFile = (path: string) => Promise<SpoolFile>;

/** @param path Must not be there yet. */
export const openSpoolFile: OpenSpoolFile = async (path) => {
  const handle = await open(path, "wx", 0o640);
  let bytes = 0;
  let isInFolder = false;
  return {
    path,
    bytes: () => bytes,
    async append(data) {
      try {
        await writeAll(handle, data, bytes);
        await handle.datasync();
        await assertNamed(handle);
        if (!isInFolder) await syncFolder(dirname(path));
        isInFolder = true;
        bytes += data.length;
      } catch (error) {
        await abandon(handle, path, bytes);
        throw error;
      }
    },
    close: () => handle.close(),
  };
};

/** What is written to a file that somebody removed is nowhere. */
async function assertNamed(handle: FileHandle): Promise<void> {
  const { nlink } = await handle.stat();
  if (nlink === 0) throw new Error("the spool's file was removed while it was written to");
}

/** A short write is allowed, e.g. when the disk fills up; the next one then tells why. */
async function writeAll(handle: FileHandle, data: Uint8Array, start: number): Promise<void> {
  for (let at = 0; at < data.length;) {
    const { bytesWritten } = await handle.write(data, at, data.length - at, start + at);
    at += bytesWritten;
  }
}

/** What cannot be taken back stays: a torn line, or events that were not acknowledged. */
async function abandon(handle: FileHandle, path: string, bytes: number): Promise<void> {
  await handle.truncate(bytes).catch(() => {});
  await handle.close().catch(() => {});
  if (bytes === 0) await unlink(path).catch(() => {});
}

async function syncFolder(dir: string): Promise<void> {
  await using handle = await open(dir);
  await handle.sync();
}
