import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { damaged } from "./layout.ts";

const chunkBytes = 1 << 20;

/** Reads a file in small pieces: the thread serves requests meanwhile. */
export async function readShared(file: string): Promise<SharedArrayBuffer> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const buffer = new SharedArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(chunkBytes, size - at), at);
    if (bytesRead === 0) throw damaged(file, `it ended after ${at} of ${size} bytes`);
    at += bytesRead;
  }
  return buffer;
}

/** Runs a check that yields now and then and returns what is wrong with the file, in pieces as well. */
export async function runCheck(
  file: string,
  check: Generator<void, string | undefined>,
): Promise<void> {
  for (;;) {
    const { done, value } = check.next();
    if (done === true && value === undefined) return;
    if (done === true) throw damaged(file, value!);
    await setImmediate();
  }
}
