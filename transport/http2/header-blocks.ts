import { ConnectionError } from "./connection-error.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { readReplyHeaders, type ReplyHeaders } from "./reply-headers.ts";

/** What the peer is told of the headers that we take: as much as its requests may have, and room for a stack trace. */
export const maxHeaderListBytes = 64 * 1_024;
const tableBytes = 4_096;
/** What is longer is likely to be another one each time. */
const longestRemembered = 256;
/** Headers and trailers, with and without a date, of a few methods. */
const mostRemembered = 8;

interface Remembered {
  readonly block: Buffer;
  readonly headers: ReplyHeaders;
}

/** Reads header blocks. One that came before, while the peer's table has not changed since, is only compared. */
export class HeaderBlocks {
  readonly #decoder = new HpackDecoder({ tableBytes, listBytes: maxHeaderListBytes });
  #remembered: Remembered[] = [];
  #generation = 0;
  #pieces: Buffer[] = [];
  #piecesBytes = 0;

  /** Part of a block, which is not complete. Throws a ConnectionError when it becomes too long. */
  keep(bytes: Buffer, start: number, end: number): void {
    this.#pieces.push(Buffer.from(bytes.subarray(start, end)));
    this.#piecesBytes += end - start;
    // An empty piece is not free either.
    if (this.#piecesBytes <= maxHeaderListBytes && this.#pieces.length <= 64) return;
    throw new ConnectionError(
      "ENHANCE_YOUR_CALM",
      `the peer sent a header block of ${this.#piecesBytes} bytes in ${this.#pieces.length} pieces, and it goes on`,
    );
  }

  /** The rest of what was kept. */
  complete(bytes: Buffer, start: number, end: number): ReplyHeaders {
    this.keep(bytes, start, end);
    const block = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#piecesBytes = 0;
    return this.read(block, 0, block.length);
  }

  /** A whole block. Throws a ConnectionError for one that cannot be decoded. */
  read(bytes: Buffer, start: number, end: number): ReplyHeaders {
    if (this.#generation === this.#decoder.generation)
      for (const { block, headers } of this.#remembered)
        if (block.length === end - start && isAt(bytes, start, block)) return headers;
    return this.#decode(bytes, start, end);
  }

  #decode(bytes: Buffer, start: number, end: number): ReplyHeaders {
    const list = this.#decoder.decode(bytes, start, end);
    const headers = readReplyHeaders(list, maxHeaderListBytes);
    if (this.#decoder.generation !== this.#generation) {
      // Whatever was remembered may mean something else now, and this block will mean something else next time.
      this.#generation = this.#decoder.generation;
      this.#remembered = [];
    } else if (end - start <= longestRemembered) {
      if (this.#remembered.length >= mostRemembered) this.#remembered.shift();
      this.#remembered.push({ block: Buffer.from(bytes.subarray(start, end)), headers });
    }
    return headers;
  }
}

function isAt(bytes: Buffer, start: number, block: Buffer): boolean {
  for (let i = 0; i < block.length; i++) if (block[i] !== bytes[start + i]) return false;
  return true;
}
