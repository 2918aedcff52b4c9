import { open, type FileHandle } from "node:fs/promises";

const chunkBytes = 256 * 1_024;
const newline = 0x0a;

/** The lines of a file, last one first, without their ends; none when there is no such file. Reads as it is asked. */
export async function* linesBackwards(path: string): AsyncGenerator<Buffer> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    /** Of a line whose beginning is not read yet, last one first. */
    let pieces: Buffer[] = [];
    for (let end = (await file.stat()).size; end > 0;) {
      const chunk = await readChunk(file, Math.max(0, end - chunkBytes), end);
      let lineEnd = chunk.length;
      for (let at; (at = chunk.subarray(0, lineEnd).lastIndexOf(newline)) >= 0; lineEnd = at) {
        pieces.push(chunk.subarray(at + 1, lineEnd));
        const line = Buffer.concat(pieces.toReversed());
        pieces = [];
        if (line.length > 0) yield line;
      }
      pieces.push(chunk.subarray(0, lineEnd));
      end -= chunk.length;
    }
    const first = Buffer.concat(pieces.toReversed());
    if (first.length > 0) yield first;
  } finally {
    await file.close();
  }
}

async function readChunk(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const chunk = Buffer.alloc(end - start);
  for (let at = 0; at < chunk.length;) {
    const { bytesRead } = await file.read(chunk, at, chunk.length - at, start + at);
    if (bytesRead === 0) throw new Error("the file became shorter while it was read");
    at += bytesRead;
  }
  return chunk;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
