import { describe, expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Method, StreamMethod } from "../transport.ts";
import { aborted, deferred } from "./deferred.contract.ts";
import { bytes, echo, echoPath, openPair, text, type Transport } from "./open-pair.contract.ts";

const path = "/test.Service/Stream";
const stream = (handle: StreamMethod["handle"]): Method => ({ kind: "bidi_stream", path, handle });

async function* sending(...words: string[]) {
  for (const word of words) yield bytes(word);
}

async function received(replies: AsyncIterable<Uint8Array>): Promise<string[]> {
  const words: string[] = [];
  for await (const reply of replies) words.push(text(reply));
  return words;
}

export function testStreams(transport: Transport): void {
  test("one request, many replies", async () => {
    const count = stream(async function* (requests) {
      for await (const request of requests)
        for (let i = 0; i < Number(text(request)); i += 1) yield bytes(`${i}`);
    });
    await using pair = await openPair(transport, [count]);
    expect(await received(pair.channel.stream(path, sending("5")))).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  test("both directions take turns", async () => {
    const shout = stream(async function* (requests) {
      for await (const request of requests) yield bytes(text(request).toUpperCase());
    });
    await using pair = await openPair(transport, [shout]);
    const heard: string[] = [];
    async function* conversation() {
      yield bytes("a");
      while (heard.length < 3) {
        await turn.promise;
        turn = deferred();
        yield bytes(`after ${heard.at(-1)}`);
      }
    }
    let turn = deferred();
    for await (const reply of pair.channel.stream(path, conversation())) {
      heard.push(text(reply));
      turn.resolve();
    }
    expect(heard.slice(0, 3)).toEqual(["A", "AFTER A", "AFTER AFTER A"]);
  });

  test("empty messages and empty streams", async () => {
    const back = stream((requests) => requests);
    await using pair = await openPair(transport, [back]);
    expect(await received(pair.channel.stream(path, sending("", "")))).toEqual(["", ""]);
    expect(await received(pair.channel.stream(path, sending()))).toEqual([]);
  });

  test("a server that is faster than its caller waits for it", async () => {
    let produced = 0;
    const total = 1_000;
    const flood = stream(async function* () {
      for (; produced < total; produced += 1) yield Buffer.alloc(65_536);
    });
    await using pair = await openPair(transport, [flood, echo]);
    const replies = pair.channel.stream(path, sending("go"))[Symbol.asyncIterator]();
    await replies.next();
    // Many chances for an unbounded producer to run ahead.
    for (let i = 0; i < 50; i += 1) await pair.channel.unary(echoPath, bytes("x"));
    expect(produced).toBeLessThan(total / 10);
    let taken = 1;
    while (!(await replies.next()).done) taken += 1;
    expect(taken).toBe(total);
  });

  test("a caller that is faster than its server waits for it", async () => {
    const opened = deferred();
    const slow = stream(async function* (requests) {
      await opened.promise;
      for await (const request of requests) yield request.subarray(0, 1);
    });
    await using pair = await openPair(transport, [slow, echo]);
    let sent = 0;
    const total = 1_000;
    async function* flood() {
      for (; sent < total; sent += 1) yield Buffer.alloc(65_536, "x");
    }
    const replies = received(pair.channel.stream(path, flood()));
    for (let i = 0; i < 50; i += 1) await pair.channel.unary(echoPath, bytes("x"));
    expect(sent).toBeLessThan(total / 10);
    opened.resolve();
    expect(await replies).toHaveLength(total);
  });

  test("a handler that fails midway: what came before, then the status", async () => {
    const breaks = stream(async function* () {
      yield bytes("first");
      throw new ServingError("DATA_LOSS", "broke", { trailers: { "x-part": "2" } });
    });
    await using pair = await openPair(transport, [breaks]);
    const words: string[] = [];
    const failure = (async () => {
      for await (const reply of pair.channel.stream(path, sending("go"))) words.push(text(reply));
    })();
    await expect(failure).rejects.toMatchObject({
      code: Code.DATA_LOSS,
      trailers: { "x-part": "2" },
    });
    expect(words).toEqual(["first"]);
  });

  test("leaving the iteration cancels the call and ends the handler", async () => {
    const left = deferred<unknown>();
    const cleaned = deferred();
    const endless = stream(async function* (_, { signal }) {
      try {
        yield bytes("one");
        yield bytes("two");
        left.resolve(await aborted(signal));
        signal.throwIfAborted();
      } finally {
        cleaned.resolve();
      }
    });
    await using pair = await openPair(transport, [endless]);
    for await (const reply of pair.channel.stream(path, sending("go")))
      if (text(reply) === "two") break;
    expect(await left.promise).toMatchObject({ code: Code.CANCELLED });
    await cleaned.promise;
  });

  test("a caller that goes away ends a handler that waits for requests", async () => {
    const ended = deferred<unknown>();
    const listener = stream(async function* (requests) {
      yield bytes("hello");
      try {
        for await (const _ of requests) yield bytes("never");
        ended.resolve("the requests ended as if they were complete");
      } catch (error) {
        ended.resolve(error);
      }
    });
    await using pair = await openPair(transport, [listener]);
    const quiet = deferred<Uint8Array>();
    async function* silence() {
      yield await quiet.promise;
    }
    for await (const _ of pair.channel.stream(path, silence())) break;
    expect(await ended.promise).toMatchObject({ code: Code.CANCELLED });
    quiet.resolve(bytes("too late"));
  });

  test("requests that throw cancel the call, and the caller gets its own error", async () => {
    const ended = deferred<unknown>();
    const called = deferred();
    const back = stream((requests, { signal }) => {
      void aborted(signal).then(ended.resolve);
      called.resolve();
      return requests;
    });
    await using pair = await openPair(transport, [back]);
    async function* broken() {
      yield bytes("one");
      await called.promise;
      throw new RangeError("my own bug");
    }
    await expect(received(pair.channel.stream(path, broken()))).rejects.toThrow("my own bug");
    expect(await ended.promise).toMatchObject({ code: Code.CANCELLED });
  });

  test("a server that ends the call first ends the requests, too", async () => {
    const closed = deferred();
    const refuses = stream(async function* () {
      yield bytes("no");
      throw new ServingError("PERMISSION_DENIED", "not for you");
    });
    await using pair = await openPair(transport, [refuses]);
    async function* endless() {
      try {
        for (;;) {
          yield Buffer.alloc(10_000);
          await new Promise(setImmediate);
        }
      } finally {
        closed.resolve();
      }
    }
    await expect(received(pair.channel.stream(path, endless()))).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    await closed.promise;
  });

  test("an unknown stream is UNIMPLEMENTED", async () => {
    await using pair = await openPair(transport, [echo]);
    await expect(received(pair.channel.stream(path, sending("x")))).rejects.toMatchObject({
      code: Code.UNIMPLEMENTED,
    });
  });

  describe("a unary call", () => {
    test.each([
      ["none", []],
      ["two", ["a", "b"]],
    ])("with %s request messages is refused", async (_, words) => {
      let called = false;
      const method: Method = {
        kind: "unary",
        path,
        handle: async (request) => ((called = true), request),
      };
      await using pair = await openPair(transport, [method]);
      const call = received(pair.channel.stream(path, sending(...words)));
      await expect(call).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
      expect(called).toBe(false);
    });

    test.each([
      ["none", 0],
      ["two", 2],
    ])("that is answered %s times fails", async (_, count) => {
      const many = stream(async function* () {
        for (let i = 0; i < count; i += 1) yield bytes("x");
      });
      await using pair = await openPair(transport, [many]);
      await expect(pair.channel.unary(path, bytes(""))).rejects.toMatchObject({
        code: Code.UNIMPLEMENTED,
      });
    });
  });
}
