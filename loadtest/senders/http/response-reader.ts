import { readChunks } from "./read-chunks.ts";
import { readHead, type Head } from "./read-head.ts";

/** What a server answered. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Buffer;
  /** The connection can carry another call. */
  readonly isReusable: boolean;
}

/** Reads responses from the bytes of one connection, one after the other: calls are not pipelined. */
export interface ResponseReader {
  /** The response that these bytes complete. Throws an Error for what is not HTTP/1.1, or too large. */
  read(bytes: Buffer): HttpResponse | undefined;
  /** The connection ended, and with it a response whose length only its end tells. */
  end(): HttpResponse | undefined;
}

const mostHeadBytes = 64 * 1_024;
const mostBodyBytes = 64 * 2 ** 20;
const headEnd = "\r\n\r\n";
const nothing = Buffer.alloc(0);

export function createResponseReader(): ResponseReader {
  let pending: Buffer = nothing;
  let head: Head | undefined;

  /** Also passes over responses that only announce the real one, like 100. */
  function takeHead(): Head | undefined {
    for (;;) {
      const end = pending.indexOf(headEnd);
      if (end < 0 && pending.length <= mostHeadBytes) return undefined;
      if (end < 0 || end > mostHeadBytes)
        throw new Error(`its headers have more than ${mostHeadBytes} bytes`);
      const read = readHead(pending.toString("latin1", 0, end + 2));
      pending = pending.subarray(end + headEnd.length);
      if (read.status >= 200) return read;
    }
  }

  function takeBody({ length }: Head): Buffer | undefined {
    if (length === "until the end") return undefined;
    if (length === "chunked") {
      const read = readChunks(pending);
      if (read) pending = pending.subarray(read.end);
      return read?.body;
    }
    if (length > mostBodyBytes) throw tooLarge();
    if (pending.length < length) return undefined;
    const body = pending.subarray(0, length);
    pending = pending.subarray(length);
    return body;
  }

  function complete({ status, isReusable }: Head, body: Buffer): HttpResponse {
    // Bytes that nobody asked for would be taken for the next response.
    const isClean = pending.length === 0;
    head = undefined;
    pending = nothing;
    return { status, body, isReusable: isReusable && isClean };
  }

  return {
    read(bytes) {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      head ??= takeHead();
      if (head === undefined) return undefined;
      if (pending.length > mostBodyBytes) throw tooLarge();
      const body = takeBody(head);
      return body && complete(head, body);
    },
    end() {
      return head?.length === "until the end" ? complete(head, pending) : undefined;
    },
  };
}

function tooLarge(): Error {
  return new Error(`its body has more than ${mostBodyBytes} bytes`);
}
