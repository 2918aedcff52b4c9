import { open } from "node:fs/promises";

/** A line of a file, without its end. */
export interface Line {
  /** Undefined: it is longer than `maxLineBytes`. */
  readonly text: string | undefined;
  /** From 1. */
  readonly number: number;
  /** Of the file, up to the end of this line. */
  readonly bytes: number;
}

export interface ReadLinesOptions {
  /** Default 1 MiB. */
  readonly maxLineBytes?: number;
  /** What stands behind the last end of a line: a line, or what a crash left of one, which is passed over. */
  readonly lastLine: "whole" | "torn";
  /** Syncs the file first: what is read then survives a crash of the machine. */
  readonly synced?: boolean;
}

const chunkBytes = 2 ** 18;
const newline = 0x0a;

/** Lines in UTF-8, in memory that does not depend on the file's size. */
export async function* readLines(path: string, options: ReadLinesOptions): AsyncGenerator<Line> {
  const { maxLineBytes = 2 ** 20, lastLine, synced = false } = options;
  await using handle = await open(path);
  if (synced) await handle.datasync();
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let rest = chunk.subarray(0, 0);
  let isTooLong = false;
  let number = 0;
  let bytes = 0;

  const lineTo = (data: Buffer, start: number, end: number): Line => {
    const isKept = !isTooLong && end - start <= maxLineBytes;
    isTooLong = false;
    const text = isKept ? data.toString("utf8", start, end) : undefined;
    return { text, number: ++number, bytes };
  };

  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    const data = rest.length === 0 ? read : Buffer.concat([rest, read]);
    let start = 0;
    bytes -= rest.length;
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      bytes += end + 1 - start;
      yield lineTo(data, start, end);
      start = end + 1;
    }
    bytes += data.length - start;
    isTooLong ||= data.length - start > maxLineBytes;
    rest = Buffer.from(isTooLong ? "" : data.subarray(start));
  }
  if (lastLine === "whole" && (rest.length > 0 || isTooLong)) yield lineTo(rest, 0, rest.length);
}
