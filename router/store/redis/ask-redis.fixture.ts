import { once } from "node:events";
import { connect } from "node:net";

/** One command over a connection of its own, so that tests can see what the store's own library does. */
export async function askRedis(port: number, command: readonly string[]): Promise<unknown> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${words.join("")}`);
    let received = Buffer.alloc(0);
    while (true) {
      const [piece] = (await once(socket, "data", { signal: closed(socket) })) as [Buffer];
      received = Buffer.concat([received, piece]);
      const read = readReply(received, 0);
      if (read === undefined) continue;
      if (read.value instanceof Error) throw read.value;
      return read.value;
    }
  } finally {
    socket.destroy();
  }
}

function closed(socket: ReturnType<typeof connect>): AbortSignal {
  const controller = new AbortController();
  socket.once("end", () => controller.abort(new Error("the server closed the connection")));
  return controller.signal;
}

interface Read {
  readonly value: unknown;
  readonly end: number;
}

/** Undefined: it is not all there yet. */
function readReply(bytes: Buffer, start: number): Read | undefined {
  const line = bytes.indexOf("\r\n", start);
  if (line < 0) return undefined;
  const text = bytes.toString("utf8", start + 1, line);
  const end = line + 2;
  switch (String.fromCharCode(bytes[start]!)) {
    case "+":
      return { value: text, end };
    case "-":
      return { value: new Error(text), end };
    case ":":
      return { value: Number(text), end };
    case "$":
      return readText(bytes, end, Number(text));
    case "*":
      return readList(bytes, end, Number(text));
    default:
      throw new Error(`unexpected reply ${text}`);
  }
}

function readText(bytes: Buffer, start: number, length: number): Read | undefined {
  if (length < 0) return { value: null, end: start };
  if (bytes.length < start + length + 2) return undefined;
  return { value: bytes.toString("utf8", start, start + length), end: start + length + 2 };
}

function readList(bytes: Buffer, start: number, length: number): Read | undefined {
  const value: unknown[] = [];
  let end = start;
  while (value.length < length) {
    const read = readReply(bytes, end);
    if (read === undefined) return undefined;
    value.push(read.value);
    ({ end } = read);
  }
  return { value, end };
}
