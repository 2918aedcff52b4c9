export interface Chunked {
  readonly body: Buffer;
  /** Where the next response begins. */
  readonly end: number;
}

const sizeLine = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;
/** What a size may have besides its digits. */
const mostLineBytes = 1_024;

/** A body in chunks; undefined until all of it is there. Throws an Error for what are no chunks. */
export function readChunks(bytes: Buffer): Chunked | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0 && bytes.length - at <= mostLineBytes) return undefined;
    const line = bytes.toString("latin1", at, lineEnd < 0 ? at + mostLineBytes : lineEnd);
    const size = Number.parseInt(sizeLine.exec(line)?.[1] ?? "", 16);
    if (Number.isNaN(size))
      throw new Error(`a chunk's size is ${JSON.stringify(line.slice(0, 40))}`);
    at = lineEnd + 2;
    if (size === 0) return endOf(bytes, at, chunks);
    if (bytes.length < at + size + 2) return undefined;
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}

/** Trailers, if any, and an empty line. */
function endOf(bytes: Buffer, start: number, chunks: readonly Buffer[]): Chunked | undefined {
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    if (lineEnd === at) return { body: Buffer.concat(chunks), end: at + 2 };
    at = lineEnd + 2;
  }
}
