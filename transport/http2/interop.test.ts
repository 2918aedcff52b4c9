import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type IncomingHttpHeaders,
} from "node:http2";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code, codeFrom, ServingError } from "../../proto/serving-error.ts";
import { bytes, echo, echoPath, text } from "../contract/open-pair.contract.ts";
import { framed } from "../contract/raw-caller.contract.ts";
import { startServer } from "../grpc-js/server.ts";
import type { Method } from "../transport.ts";
import { openHttp2Channel } from "./channel.ts";

/** A gRPC service over node:http2, that is nghttp2, without any gRPC library. */
async function openNodeServer(answer: (request: IncomingHttpHeaders, message: Buffer) => Answer) {
  const server: Http2Server = createHttp2Server();
  server.on("stream", (stream, request) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const { head, message, trailers } = answer(request, Buffer.concat(chunks).subarray(5));
      stream.respond({ "content-type": "application/grpc", ...head }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end(framed(message));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

interface Answer {
  readonly head: Readonly<Record<string, string>>;
  readonly message: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const name = fc.stringMatching(/^x-[a-z0-9-]{0,12}$/);
const value = fc.string({ unit: "grapheme-ascii", maxLength: 60 }).map((text) => text.trim());
const fields = fc.dictionary(name, value, { maxKeys: 5 });

describe("node:http2", () => {
  test("whatever fields and messages there are, both sides see the same, on one connection", async () => {
    let reply: Answer = { head: {}, message: bytes(""), trailers: {} };
    const seen: { headers: IncomingHttpHeaders; message: Buffer }[] = [];
    await using server = await openNodeServer((headers, message) => {
      seen.push({ headers, message });
      return reply;
    });
    using channel = openHttp2Channel(server.address);
    const call = fc.record({
      metadata: fields,
      request: fc.uint8Array({ maxLength: 300 }),
      head: fields,
      message: fc.uint8Array({ maxLength: 40_000, size: "large" }),
      trailers: fields,
      status: fc.integer({ min: 0, max: 16 }),
      said: fc.string({ unit: "grapheme", maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(call, async ({ metadata, request, said, status, ...sent }) => {
        const trailers = {
          ...sent.trailers,
          "grpc-status": String(status),
          "grpc-message": encodeURIComponent(said),
        };
        reply = { head: sent.head, message: Buffer.from(sent.message), trailers };
        const answer = await channel
          .unary(echoPath, request, {
            metadata: new Map(Object.entries(metadata)),
            deadlineMs: performance.now() + 60_000,
          })
          .catch((error: ServingError) => error);
        const { headers, message } = seen.at(-1)!;
        expect(headers).toMatchObject({ ...metadata, ":path": echoPath, te: "trailers" });
        expect(Buffer.compare(message, request)).toBe(0);
        if (!(answer instanceof ServingError)) {
          expect(status).toBe(0);
          expect(Buffer.compare(answer, sent.message)).toBe(0);
        } else
          expect(answer).toMatchObject({
            code: codeFrom(status),
            message: said,
            trailers: sent.trailers,
          });
      }),
      { numRuns: 300 },
    );
  });

  test("a large message in each direction", async () => {
    await using server = await openNodeServer((_, message) => ({
      head: {},
      message,
      trailers: { "grpc-status": "0" },
    }));
    using channel = openHttp2Channel(server.address);
    const message = Buffer.alloc(3_500_000, "large");
    const replies = await Promise.all([1, 2, 3].map(() => channel.unary(echoPath, message)));
    for (const reply of replies) expect(Buffer.compare(reply, message)).toBe(0);
  });
});

const program = "nghttpx";
const isProxyMissing = spawnSync(program, ["--version"]).error !== undefined;
const whyNot = isProxyMissing
  ? " (skipped: no nghttpx here; apt-get install nghttp2-proxy brings it)"
  : "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** nghttp2's own server, which passes what it gets on. */
async function openProxy(upstream: number) {
  const port = await freePort();
  const to = `--backend=127.0.0.1,${upstream};/;proto=h2`;
  const args = [
    "--conf=/dev/null",
    `--frontend=127.0.0.1,${port};no-tls`,
    to,
    "--workers=1",
    "--log-level=FATAL",
  ];
  const child = spawn(program, [...args, "--single-process", "--accesslog-file=/dev/null"], {
    stdio: "ignore",
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  while (child.exitCode === null && !(await answers(port))) await delay(10);
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      process.off("exit", end);
      const exited = once(child, "exit");
      end();
      await exited;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe.skipIf(isProxyMissing)(`through nghttpx${whyNot}`, () => {
  const full: Method = {
    kind: "unary",
    path: "/test.Service/Full",
    async handle() {
      throw new ServingError("RESOURCE_EXHAUSTED", "voll – später", {
        trailers: { "x-part": "7" },
      });
    },
  };
  const count: Method = {
    kind: "server_stream",
    path: "/test.Service/Count",
    async *handle() {
      for (let i = 0; i < 1_000; i += 1) yield bytes(`${i}`);
    },
  };

  test("calls, failures and streams come through", async () => {
    await using server = await startServer([echo, full, count]);
    await using proxy = await openProxy(server.port);
    using channel = openHttp2Channel(proxy.address);
    const words = Array.from({ length: 200 }, (_, i) => `word ${i} `.repeat(i));
    const replies = await Promise.all(words.map((word) => channel.unary(echoPath, bytes(word))));
    expect(replies.map(text)).toEqual(words);
    await expect(channel.unary(full.path, bytes(""))).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: "voll – später",
      trailers: { "x-part": "7" },
    });
    let counted = 0;
    for await (const reply of channel.stream(count.path, one()))
      expect(text(reply)).toBe(`${counted++}`);
    expect(counted).toBe(1_000);
  });

  test("a server that is gone is UNAVAILABLE, by the proxy's word", async () => {
    const server = await startServer([echo]);
    await using proxy = await openProxy(server.port);
    await server.close(0);
    using channel = openHttp2Channel(proxy.address);
    await expect(channel.unary(echoPath, bytes(""))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      isLost: false,
    });
  });
});

async function* one() {
  yield bytes("go");
}
