import { describe, expect, test } from "vitest";
import { Code, type ServingError } from "../../proto/serving-error.ts";
import { bytes, echo, echoPath, openSockets, text } from "../contract/open-pair.contract.ts";
import { openRawServer, reply, reset } from "../contract/raw-server.contract.ts";
import { startServer } from "../grpc-js/server.ts";
import { parseAddress } from "./address.ts";
import { backoffMs } from "./backoff.ts";
import { openHttp2Channel } from "./channel.ts";

/** Keeps what it hears, as text, since the bytes are only lent. */
function createListener() {
  let resolve!: (heard: Heard) => void;
  const ended = new Promise<Heard>((settle) => (resolve = settle));
  const messages: string[] = [];
  return {
    messages,
    ended,
    listener: {
      message: (view: Buffer) => void messages.push(text(view)),
      ended: (error: ServingError | undefined) => resolve({ messages, error }),
    },
  };
}

interface Heard {
  readonly messages: readonly string[];
  readonly error: ServingError | undefined;
}

describe("prepared methods", () => {
  test("call after call, with the same metadata, which secrets do not give away", async () => {
    await using server = await openRawServer(async (peer) => {
      for (let count = 1; ; count += 1) {
        const { streamId, headers } = await peer.request(count);
        peer.send(
          reply(streamId, bytes([headers.get("x-tag"), headers.get("authorization")].join(" "))),
        );
      }
    });
    using channel = openHttp2Channel(server.address);
    const metadata = new Map([
      ["X-Tag", "a"],
      ["authorization", "Bearer secret"],
    ]);
    const method = channel.prepare(echoPath, metadata);
    for (let i = 0; i < 3; i += 1) {
      const { listener, ended } = createListener();
      method.start(bytes(""), listener);
      expect(await ended).toEqual({ messages: ["a Bearer secret"], error: undefined });
    }
    const [first, second] = server.peers[0]!.frames.filter(({ type }) => type === 1);
    expect(second!.payload.length).toBeLessThan(first!.payload.length / 2);
    expect(second!.payload.includes("Bearer secret")).toBe(true);
  });

  test("a listener may make the next call: ten thousand in a row", async () => {
    await using server = await startServer([echo]);
    using channel = openHttp2Channel(server.address);
    const method = channel.prepare(echoPath);
    const request = bytes("again");
    let left = 10_000;
    await new Promise<void>((resolve, reject) => {
      const listener = {
        message: () => void left--,
        ended(error: ServingError | undefined) {
          if (error) reject(error);
          else if (left > 0) method.start(request, listener, performance.now() + 20_000);
          else resolve();
        },
      };
      for (let i = 0; i < 16; i += 1) method.start(request, listener);
    });
  });

  test("a call can be cancelled, and tells nothing after that", async () => {
    await using server = await openRawServer(() => {});
    using channel = openHttp2Channel(server.address);
    const { listener, ended } = createListener();
    const call = channel.prepare(echoPath).start(bytes(""), listener);
    await expect.poll(() => server.peers[0]?.requests.length).toBe(1);
    call.cancel();
    call.cancel();
    expect(await ended).toMatchObject({ messages: [], error: { code: Code.CANCELLED } });
    const { payload } = await server.peers[0]!.frame(({ type }) => type === 3);
    expect(payload.readUInt32BE()).toBe(8);
  });

  test.each([
    ["a closed channel", Code.UNAVAILABLE, { isClosed: true }],
    ["a deadline that has passed", Code.DEADLINE_EXCEEDED, { deadlineMs: -1 }],
    ["a server that is not there", Code.UNAVAILABLE, {}],
  ])("%s: the listener hears of it, but not while the call is started", async (_, code, how) => {
    using channel = openHttp2Channel("127.0.0.1:1");
    if ("isClosed" in how) channel.close();
    const { listener, ended } = createListener();
    let hasReturned = false;
    const heard = ended.then(() => hasReturned);
    const deadlineMs = "deadlineMs" in how ? how.deadlineMs : Infinity;
    channel.prepare(echoPath).start(bytes(""), listener, deadlineMs);
    hasReturned = true;
    expect(await heard).toBe(true);
    expect(await ended).toMatchObject({ error: { code } });
  });
});

describe("what cannot be sent is refused before it is", () => {
  test.each(["", "Service/Method", "/päth", "/a b", "/a\r\nb"])("the path %j", (path) => {
    using channel = openHttp2Channel("127.0.0.1:1");
    expect(() => channel.prepare(path)).toThrow("cannot be called");
  });

  test.each([
    ["content-type", "text/html"],
    ["te", "x"],
    ["grpc-timeout", "1S"],
    [":path", "/"],
    ["connection", "close"],
    ["x y", "z"],
    ["x", "naïve"],
  ])("the metadata %s: %s", async (key, value) => {
    using channel = openHttp2Channel("127.0.0.1:1");
    const metadata = new Map([[key, value]]);
    expect(() => channel.prepare(echoPath, metadata)).toThrow(key);
    await expect(channel.unary(echoPath, bytes(""), { metadata })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
  });
});

describe("connections", () => {
  test("while there is none, calls fail at once; one that comes back is found without a call", async () => {
    const first = await startServer([echo]);
    await first.close(0);
    using channel = openHttp2Channel(first.address);
    const call = () => channel.unary(echoPath, bytes("back")).then(text, (error) => error.isLost);
    expect(await call()).toBe(true);
    await using second = await startServer([echo], { port: first.port });
    expect(second.address).toBe(first.address);
    await expect.poll(call, { timeout: 10_000 }).toBe("back");
  });

  test("one that is idle does not keep the process alive, one with a call does", async () => {
    await using server = await openRawServer(async (peer) => {
      peer.send(reply((await peer.request(1)).streamId, bytes("one")));
      const { streamId } = await peer.request(2);
      await peer.frame(({ type }) => type === 6);
      peer.send(reset(streamId, 2));
    });
    using channel = openHttp2Channel(server.address, { keepaliveMs: 100 });
    expect(text(await channel.unary(echoPath, bytes("")))).toBe("one");
    const idle = openSockets();
    const second = channel.unary(echoPath, bytes(""));
    expect(openSockets()).toBe(idle + 1);
    await expect(second).rejects.toMatchObject({ code: Code.INTERNAL });
    expect(openSockets()).toBe(idle);
  });

  test("the calls of a turn leave in one piece", async () => {
    await using server = await openRawServer(async (peer) => {
      peer.send(reply((await peer.request(1)).streamId, bytes("")));
    });
    using channel = openHttp2Channel(server.address);
    await channel.unary(echoPath, bytes(""));
    const chunks: Buffer[] = [];
    const { socket } = server.peers[0]!;
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    const calls = Array.from({ length: 50 }, () => channel.unary(echoPath, bytes("x")));
    await server.peers[0]!.request(51);
    expect(chunks).toHaveLength(1);
    for (const { streamId } of server.peers[0]!.requests.slice(1))
      server.peers[0]!.send(reply(streamId, bytes("y")));
    await Promise.all(calls);
  });
});

test.each([
  ["127.0.0.1:80", { host: "127.0.0.1", port: 80 }, { authority: "127.0.0.1:80" }],
  ["localhost:80", { host: "localhost", port: 80 }, { serverName: "localhost" }],
  ["dns:///a.b:80", { host: "a.b", port: 80 }, { authority: "a.b:80", serverName: "a.b" }],
  ["[::1]:80", { host: "::1", port: 80 }, { authority: "[::1]:80", serverName: undefined }],
  ["unix:/run/x.sock", { path: "/run/x.sock" }, { authority: "localhost" }],
  ["unix:///run/x.sock", { path: "/run/x.sock" }, { serverName: "localhost" }],
])("the address %s", (address, connect, names) => {
  expect(parseAddress(address)).toMatchObject({ connect, ...names });
});

test.each([
  "",
  "localhost",
  "localhost:",
  "localhost:http",
  "a:99999",
  "::1:80",
  "http://a:80",
  "a:80/path",
])("%j is no address", (address) => {
  expect(() => openHttp2Channel(address)).toThrow("host:port");
});

test("waiting grows from 100 ms to 5 s, each a fifth more or less", () => {
  expect(backoffMs(1, () => 0.5)).toBe(100);
  expect(backoffMs(3, () => 0.5)).toBeCloseTo(256);
  expect(backoffMs(50, () => 0)).toBeCloseTo(4_000);
  expect(backoffMs(50, () => 1)).toBeCloseTo(6_000);
});
