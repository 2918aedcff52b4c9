import { createHash } from "node:crypto";
import { open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Part } from "./manifest.ts";

/** Hashing this much takes a fraction of a millisecond: requests served beside it hardly notice. */
const chunkBytes = 256 << 10;

/**
 * What is wrong with a part's file, or undefined. The sizes are compared first, so that no more is read than the
 * manifest says.
 * @param root The bundle's real path.
 */
export async function partProblem(
  root: string,
  part: Part,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const file = join(root, part.file);
  const size = await regularFileBytes(file);
  if (typeof size === "string") return size;
  if (!(await realpath(file)).startsWith(root + sep)) return "is a link that leaves the bundle";
  if (size !== part.bytes)
    return `has ${size} bytes, the manifest says ${part.bytes}: copy the bundle again`;
  const sha256 = await hashFile(file, size, signal);
  if (sha256 === part.sha256) return undefined;
  return `has sha256 ${sha256}, the manifest says ${part.sha256}: copy the bundle again`;
}

/** The size, or why there is none. */
export async function regularFileBytes(file: string): Promise<number | string> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : "is not a regular file";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "is missing" : `cannot be read (${code})`;
  }
}

async function hashFile(file: string, size: number, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(Math.min(chunkBytes, size));
  await using handle = await open(file);
  for (let at = 0; at < size;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    // A file that shrank since its size was read: the checksum tells.
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
    await setImmediate();
  }
  return hash.digest("hex");
}
