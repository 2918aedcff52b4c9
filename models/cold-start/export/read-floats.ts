import { open } from "node:fs/promises";

export interface FloatCounts {
  /** Numbers that are read; the file may have more. */
  readonly count: number;
  /** Zeros behind them. Default 0. */
  readonly room?: number;
}

/** Node reads less than 2 GiB at a time. */
const maxReadBytes = 2 ** 30;

/** The first numbers of a file of float32, read to where they stay: a large table is never there twice. */
export async function readFloats(
  path: string,
  { count, room = 0 }: FloatCounts,
): Promise<Float32Array<ArrayBuffer>> {
  const floats = new Float32Array(count + room);
  const bytes = new Uint8Array(floats.buffer, 0, count * Float32Array.BYTES_PER_ELEMENT);
  await using handle = await open(path);
  for (let at = 0; at < bytes.length;) {
    const length = Math.min(bytes.length - at, maxReadBytes);
    const { bytesRead } = await handle.read(bytes, at, length, at);
    if (bytesRead === 0) throw new Error(`${path} ends ${bytes.length - at} bytes too early`);
    at += bytesRead;
  }
  return floats;
}
