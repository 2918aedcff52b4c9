export interface Head {
  readonly status: number;
  readonly isReusable: boolean;
  /** Of the body: in bytes, or how to find out. */
  readonly length: number | "chunked" | "until the end";
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})[ \r]/;
const contentLength = /\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n/i;
const transferEncoding = /\r\ntransfer-encoding:[^\r]*?\bchunked[ \t]*\r\n/i;
const connectionClose = /\r\nconnection:[^\r]*?\bclose\b/i;
const keepAlive = /\r\nconnection:[^\r]*?\bkeep-alive\b/i;

/**
 * @param text The status line and the headers, each with its line end.
 * @throws An Error for what is not HTTP/1.
 */
export function readHead(text: string): Head {
  const line = statusLine.exec(text);
  if (line === null) throw new Error(`it begins with ${JSON.stringify(text.slice(0, 40))}`);
  const status = Number(line[2]);
  const length = lengthOf(text, status);
  const stays = line[1] === "1" ? !connectionClose.test(text) : keepAlive.test(text);
  return { status, length, isReusable: stays && length !== "until the end" };
}

function lengthOf(text: string, status: number): Head["length"] {
  if (status < 200 || status === 204 || status === 304) return 0;
  if (transferEncoding.test(text)) return "chunked";
  const length = contentLength.exec(text)?.[1];
  return length === undefined ? "until the end" : Number(length);
}
