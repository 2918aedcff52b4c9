import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Method } from "../transport.ts";
import { deferred } from "./deferred.contract.ts";
import { bytes, echo, echoPath, openPair, text, type Transport } from "./open-pair.contract.ts";
import { framed, lastHeaders, openRawCaller } from "./raw-caller.contract.ts";

const pingPong: Method = {
  kind: "bidi_stream",
  path: "/test.Service/PingPong",
  handle: (requests) => requests,
};

const big = 1_000_000;
const bigReply: Method = {
  kind: "unary",
  path: "/test.Service/Big",
  handle: async () => Buffer.alloc(big),
};

/** Calls that wait until they are let go. */
function held() {
  const gate = deferred();
  let waiting = 0;
  const method: Method = {
    kind: "unary",
    path: "/test.Service/Held",
    async handle(request) {
      waiting += 1;
      await gate.promise;
      return request;
    },
  };
  return { method, waiting: () => waiting, letGo: () => gate.resolve() };
}

const tryLater = {
  code: Code.RESOURCE_EXHAUSTED,
  trailers: { "grpc-retry-pushback-ms": expect.stringMatching(/^\d+$/) },
};

function testReceiving(transport: Transport): void {
  test.each([
    ["that never comes", Buffer.alloc(0)],
    ["of which half comes", framed(bytes("abc"), { length: 100 })],
    ["that comes and does not end", framed(bytes("abc"))],
  ])("a request %s is given up, and its stream with it", async (_, part) => {
    await using pair = await openPair(transport, [echo], { server: { maxReceiveMs: 50 } });
    await using raw = await openRawCaller(pair.server.address);
    const stream = raw.open({ ":path": echoPath });
    stream.write(part);
    const answer = await lastHeaders(stream);
    expect(answer["grpc-status"]).toBe(String(Code.DEADLINE_EXCEEDED));
    expect(answer["grpc-message"]).toContain("50");
  });

  test("a stream has to bring its first request in time, and no other", async () => {
    await using pair = await openPair(transport, [pingPong], { server: { maxReceiveMs: 50 } });
    await using raw = await openRawCaller(pair.server.address);
    const talking = raw.open({ ":path": pingPong.path });
    talking.write(framed(bytes("first")));
    await once(talking, "data");
    const silent = await lastHeaders(raw.open({ ":path": pingPong.path }));
    expect(silent["grpc-status"]).toBe(String(Code.DEADLINE_EXCEEDED));
    talking.write(framed(bytes("much later")));
    expect(String(await once(talking, "data"))).toContain("much later");
  });

  test("a compressed request is refused, saying what is taken", async () => {
    await using pair = await openPair(transport, [echo]);
    await using raw = await openRawCaller(pair.server.address);
    const headers = { ":path": echoPath, "grpc-encoding": "gzip" };
    const answer = await raw.call(headers, framed(bytes("abc"), { flags: 1 }));
    expect(answer).toMatchObject({
      "grpc-status": String(Code.UNIMPLEMENTED),
      "grpc-accept-encoding": "identity",
      "grpc-message": expect.stringContaining("gzip"),
    });
  });

  test("a call that was reset before its turn is not begun", async () => {
    let begun = 0;
    const counted: Method = {
      kind: "unary",
      path: "/test.Service/Counted",
      handle: async (request) => ((begun += 1), request),
    };
    await using pair = await openPair(transport, [counted, echo]);
    await using raw = await openRawCaller(pair.server.address);
    for (let i = 0; i < 100; i += 1) {
      const stream = raw.open({ ":path": counted.path });
      stream.write(framed(bytes("abc")));
      stream.close(8);
    }
    await raw.call({ ":path": echoPath }, framed(bytes("the server has seen them all")));
    expect(begun).toBe(0);
  });
}

function testBudgets(transport: Transport): void {
  test("calls in flight: one more is refused at once, and taken when a place is free", async () => {
    const { method, waiting, letGo } = held();
    await using pair = await openPair(transport, [method, echo], {
      server: { maxInFlightCalls: 2 },
    });
    const first = [1, 2].map(() => pair.channel.unary(method.path, bytes("first")));
    await expect.poll(waiting).toBe(2);
    await expect(pair.channel.unary(echoPath, bytes(""))).rejects.toMatchObject(tryLater);
    letGo();
    await Promise.all(first);
    await expect
      .poll(() => pair.channel.unary(echoPath, bytes("now")).then(text, String))
      .toBe("now");
  });

  test("open streams: one more is refused, and unary calls are not", async () => {
    await using pair = await openPair(transport, [pingPong, echo], {
      server: { maxOpenStreams: 1 },
    });
    await using raw = await openRawCaller(pair.server.address);
    const stream = raw.open({ ":path": pingPong.path });
    stream.write(framed(bytes("first")));
    await once(stream, "data");
    const second = await raw.call({ ":path": pingPong.path }, framed(bytes("")));
    expect(second).toMatchObject({ "grpc-status": String(Code.RESOURCE_EXHAUSTED) });
    expect(text(await pair.channel.unary(echoPath, bytes("unary")))).toBe("unary");
  });

  test("bytes of requests: those that have not ended count, until they are gone", async () => {
    await using pair = await openPair(transport, [echo], { server: { maxInFlightBytes: 50_000 } });
    await using raw = await openRawCaller(pair.server.address);
    const hoarder = raw.open({ ":path": echoPath });
    hoarder.write(framed(Buffer.alloc(40_000), { length: 45_000 }));
    const message = Buffer.alloc(20_000);
    const attempt = () => pair.channel.unary(echoPath, message).then(String, (error) => error);
    await expect.poll(attempt).toMatchObject(tryLater);
    hoarder.close(8);
    await expect.poll(attempt).toBe(String(message));
  });

  test("bytes of replies: those that nobody reads count, until they are cut", async () => {
    await using pair = await openPair(transport, [bigReply], {
      server: { maxInFlightBytes: 1.5 * big, maxSendMs: 400 },
    });
    await using raw = await openRawCaller(pair.server.address);
    const unread = raw.open({ ":path": bigReply.path });
    unread.end(framed(bytes("")));
    await once(unread, "response");
    const attempt = () =>
      pair.channel.unary(bigReply.path, bytes("")).then(
        (reply) => reply.length,
        (error) => error,
      );
    expect(await attempt()).toMatchObject(tryLater);
    await expect.poll(attempt, { timeout: 10_000 }).toBe(big);
    expect(unread.rstCode).toBe(8);
  });

  test("a reply over the cap is refused, saying its size and the cap", async () => {
    await using pair = await openPair(transport, [bigReply, echo], {
      server: { maxReplyBytes: 1_000 },
    });
    await expect(pair.channel.unary(bigReply.path, bytes(""))).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: expect.stringMatching(/1000000.*1000;.*fewer/),
    });
    expect(await pair.channel.unary(echoPath, Buffer.alloc(1_000))).toHaveLength(1_000);
  });
}

function testConnectionLimits(transport: Transport): void {
  test("the newest above their number is closed", async () => {
    await using pair = await openPair(transport, [echo], { server: { maxConnections: 2 } });
    await pair.channel.unary(echoPath, bytes(""));
    await using second = await openRawCaller(pair.server.address);
    await using third = await openRawCaller(pair.server.address);
    if (!third.session.destroyed) await once(third.session, "close");
    const answer = await second.call({ ":path": echoPath }, framed(bytes("")));
    expect(answer["grpc-status"]).toBe("0");
  });

  test("one that resets more than 500 calls is told to go, and what it waits for is answered", async () => {
    const { method, waiting, letGo } = held();
    await using pair = await openPair(transport, [method, echo]);
    await using raw = await openRawCaller(pair.server.address);
    const waitedFor = raw.call({ ":path": method.path }, framed(bytes("kept")));
    await expect.poll(waiting).toBe(1);
    const gone = once(raw.session, "goaway");
    for (let i = 0; i < 520; i += 1) raw.open({ ":path": echoPath }).close(8);
    expect((await gone)[0]).toBe(0);
    letGo();
    expect((await waitedFor)["grpc-status"]).toBe("0");
    expect(text(await pair.channel.unary(echoPath, bytes("others")))).toBe("others");
  });
}

export function testLimits(transport: Transport): void {
  describe("receiving", () => testReceiving(transport));
  describe("budgets", () => testBudgets(transport));
  describe("connections", () => testConnectionLimits(transport));
}
