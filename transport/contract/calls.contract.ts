import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../call.ts";
import type { Channel, Method, UnaryMethod } from "../transport.ts";
import { aborted, deferred } from "./deferred.contract.ts";
import { bytes, echo, echoPath, openPair, text, type Transport } from "./open-pair.contract.ts";

const unary = (handle: UnaryMethod["handle"]): Method => ({
  kind: "unary",
  path: echoPath,
  handle,
});

/** A handler that tells what it was called with, and answers when told. */
function held() {
  const { promise: called, resolve: arrived } = deferred<Call>();
  const { promise: reply, resolve: answer } = deferred<Uint8Array>();
  const method = unary((_, call) => {
    arrived(call);
    return reply;
  });
  return { method, called, answer };
}

const failWith = (error: unknown) =>
  unary(async () => {
    throw error;
  });

/** A turn of the loop, so that the call has left by the time it is cancelled. */
async function cancelAfterATurn(channel: Channel, path: string): Promise<void> {
  const controller = new AbortController();
  const call = channel.unary(path, bytes(""), { signal: controller.signal }).catch(() => {});
  await delay(0);
  controller.abort();
  await call;
}

export function testCalls(transport: Transport): void {
  describe("messages", () => {
    test.each([0, 1, 5_000, 1_000_000])("carries %i bytes there and back", async (size) => {
      await using pair = await openPair(transport, [echo]);
      const message = Buffer.alloc(size, "crossfade");
      expect(Buffer.compare(await pair.channel.unary(echoPath, message), message)).toBe(0);
    });

    test("takes a view into a larger buffer, and lets the handler reuse its own", async () => {
      const scratch = Buffer.alloc(16);
      await using pair = await openPair(transport, [
        unary(async (request) => {
          scratch.set(request, 4);
          return scratch.subarray(4, 4 + request.length);
        }),
      ]);
      const calls = ["one", "two", "three"].map((word) =>
        pair.channel.unary(echoPath, bytes(`<${word}>`).subarray(1, -1)),
      );
      expect((await Promise.all(calls)).map(String)).toEqual(["one", "two", "three"]);
    });

    test("refuses a request over the cap, saying its size and the cap", async () => {
      await using pair = await openPair(transport, [echo], { server: { maxMessageBytes: 1_000 } });
      expect(await pair.channel.unary(echoPath, Buffer.alloc(1_000))).toHaveLength(1_000);
      const error = await pair.channel
        .unary(echoPath, Buffer.alloc(1_001))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: Code.RESOURCE_EXHAUSTED,
        message: expect.stringMatching(/1001.*1000/),
      });
    });

    test("refuses a reply over the caller's cap", async () => {
      await using pair = await openPair(transport, [echo], { channel: { maxMessageBytes: 1_000 } });
      const error = await pair.channel
        .unary(echoPath, Buffer.alloc(1_001))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: Code.RESOURCE_EXHAUSTED,
        message: expect.stringMatching(/1001.*1000/),
      });
    });
  });

  describe("metadata", () => {
    test("arrives in lower case, -bin values as base64, and can be passed on", async () => {
      const { method, called, answer } = held();
      await using pair = await openPair(transport, [method]);
      const sent = new Map([
        ["X-Crossfade-Arm", "canary"],
        ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
        ["trace-bin", "AAECAwQ="],
      ]);
      const reply = pair.channel.unary(echoPath, bytes(""), { metadata: sent });
      const { metadata } = await called;
      expect(metadata.get("x-crossfade-arm")).toBe("canary");
      expect(metadata.get("traceparent")).toBe(sent.get("traceparent"));
      expect(metadata.get("trace-bin")).toBe("AAECAwQ=");
      answer(bytes("done"));
      await reply;
    });

    test("that HTTP/2 cannot carry is the caller's error", async () => {
      await using pair = await openPair(transport, [echo]);
      const call = pair.channel.unary(echoPath, bytes(""), { metadata: new Map([["x", "a\nb"]]) });
      await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    });
  });

  describe("failures", () => {
    test("cross with code, message and trailers", async () => {
      const trailers = { "grpc-retry-pushback-ms": "120", "detail-bin": "AAEC" };
      const thrown = new ServingError("RESOURCE_EXHAUSTED", "queue is full: 100% — “später”\n次", {
        trailers,
      });
      await using pair = await openPair(transport, [failWith(thrown)]);
      const error = await pair.channel
        .unary(echoPath, bytes(""))
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ServingError);
      expect(error).toMatchObject({ code: thrown.code, message: thrown.message });
      expect(error).toMatchObject({ trailers: expect.objectContaining(trailers) });
    });

    test.each([
      ["a lone surrogate", "user \uD800", "user \uFFFD"],
      ["a NUL", "user \0", "user \0"],
      ["100,000 characters", "界".repeat(100_000), `${"界".repeat(799)}…`],
    ])("with %s in the message still arrive", async (_, message, expected) => {
      await using pair = await openPair(transport, [
        failWith(new ServingError("NOT_FOUND", message)),
      ]);
      const call = pair.channel.unary(echoPath, bytes(""));
      await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND, message: expected });
    });

    test("with an illegal trailer still arrive", async () => {
      const thrown = new ServingError("ABORTED", "lost", { trailers: { "bad key": "a\nb" } });
      await using pair = await openPair(transport, [failWith(thrown)]);
      await expect(pair.channel.unary(echoPath, bytes(""))).rejects.toMatchObject({
        code: Code.ABORTED,
      });
    });

    test("that are no ServingError are INTERNAL, tell the caller nothing and the log everything", async () => {
      const cause = new TypeError("password is hunter2");
      const logged: [ServingError, string][] = [];
      const server = {
        onFailure: (error: ServingError, path: string) => logged.push([error, path]),
      };
      await using pair = await openPair(transport, [failWith(cause)], { server });
      const error = await pair.channel
        .unary(echoPath, bytes(""))
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: Code.INTERNAL,
        message: expect.not.stringContaining("hunter2"),
      });
      expect(logged).toEqual([[expect.objectContaining({ code: Code.INTERNAL, cause }), echoPath]]);
    });

    test("of a handler that throws before it returns a promise are answered too", async () => {
      const thrower = unary(() => {
        throw new ServingError("NOT_FOUND", "at once");
      });
      await using pair = await openPair(transport, [thrower]);
      await expect(pair.channel.unary(echoPath, bytes(""))).rejects.toMatchObject({
        code: Code.NOT_FOUND,
      });
    });

    test("an unknown method is UNIMPLEMENTED, by name", async () => {
      await using pair = await openPair(transport, [echo]);
      const call = pair.channel.unary("/test.Service/Nope", bytes(""));
      await expect(call).rejects.toMatchObject({
        code: Code.UNIMPLEMENTED,
        message: expect.stringContaining("/test.Service/Nope"),
      });
    });

    test("a server that is not there is UNAVAILABLE, and lost", async () => {
      const server = await transport.startServer([echo]);
      await server.close(0);
      using channel = transport.openChannel(server.address);
      await expect(channel.unary(echoPath, bytes(""))).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
        isLost: true,
      });
    });

    test("a server that says UNAVAILABLE is not lost", async () => {
      const thrown = new ServingError("UNAVAILABLE", "no session yet");
      await using pair = await openPair(transport, [failWith(thrown)]);
      await expect(pair.channel.unary(echoPath, bytes(""))).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
        isLost: false,
      });
    });

    test("a connection that breaks under a call is lost", async () => {
      const { method, called } = held();
      await using pair = await openPair(transport, [method]);
      const call = pair.channel.unary(echoPath, bytes(""));
      const broken = expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
      await called;
      await pair.server.close(0);
      await broken;
    });

    test("two handlers for one path are refused at start", async () => {
      await expect(transport.startServer([echo, echo])).rejects.toThrow(echoPath);
    });
  });

  describe("deadlines and cancelling", () => {
    test("the handler gets the caller's deadline", async () => {
      const { method, called, answer } = held();
      await using pair = await openPair(transport, [method]);
      const before = performance.now();
      const reply = pair.channel.unary(echoPath, bytes(""), { deadlineMs: before + 60_000 });
      const { deadlineMs } = await called;
      // The wire rounds to milliseconds and the way takes time, so only the order of magnitude is a promise.
      expect(deadlineMs).toBeGreaterThan(before + 30_000);
      expect(deadlineMs).toBeLessThan(performance.now() + 61_000);
      answer(bytes(""));
      await reply;
    });

    test("no deadline is Infinity", async () => {
      const { method, called, answer } = held();
      await using pair = await openPair(transport, [method]);
      const reply = pair.channel.unary(echoPath, bytes(""));
      expect((await called).deadlineMs).toBe(Infinity);
      answer(bytes(""));
      await reply;
    });

    test("when it passes, the caller gets DEADLINE_EXCEEDED and the signal aborts", async () => {
      const { method, called } = held();
      await using pair = await openPair(transport, [method]);
      const reply = pair.channel.unary(echoPath, bytes(""), {
        deadlineMs: performance.now() + 300,
      });
      await expect(reply).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
      const reason = await aborted((await called).signal);
      expect(reason).toBeInstanceOf(ServingError);
    });

    test("one that has passed already never reaches the network", async () => {
      using channel = transport.openChannel("127.0.0.1:1");
      const reply = channel.unary(echoPath, bytes(""), { deadlineMs: performance.now() - 1 });
      await expect(reply).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    });

    test("cancelling aborts the handler's signal with CANCELLED", async () => {
      const { method, called } = held();
      await using pair = await openPair(transport, [method]);
      const controller = new AbortController();
      const reply = pair.channel.unary(echoPath, bytes(""), { signal: controller.signal });
      const { signal } = await called;
      controller.abort();
      await expect(reply).rejects.toMatchObject({ code: Code.CANCELLED });
      expect(await aborted(signal)).toMatchObject({ code: Code.CANCELLED });
    });

    test("a signal that aborted before the call started fails it at once", async () => {
      using channel = transport.openChannel("127.0.0.1:1");
      const reply = channel.unary(echoPath, bytes(""), { signal: AbortSignal.abort() });
      await expect(reply).rejects.toMatchObject({ code: Code.CANCELLED });
    });

    test("the signal stays quiet once the answer was sent", async () => {
      const { method, called, answer } = held();
      await using pair = await openPair(transport, [
        method,
        { ...echo, path: "/test.Service/Other" },
      ]);
      const reply = pair.channel.unary(echoPath, bytes(""));
      const { signal } = await called;
      answer(bytes("done"));
      await reply;
      await pair.channel.unary("/test.Service/Other", bytes("a round trip later"));
      expect(signal.aborted).toBe(false);
    });

    test("2,000 cancels leave the channel usable", async () => {
      const never = { ...held().method, path: "/test.Service/Never" };
      await using pair = await openPair(transport, [echo, never]);
      for (let i = 0; i < 2_000; i += 1) await cancelAfterATurn(pair.channel, never.path);
      expect(text(await pair.channel.unary(echoPath, bytes("still here")))).toBe("still here");
    });

    test("a connection that cancels wear out is replaced without a failure of its other calls", async () => {
      const never = { ...held().method, path: "/test.Service/Never" };
      await using pair = await openPair(transport, [echo, never]);
      const codes = new Set<unknown>();
      const done = new AbortController();
      const bystander = async () => {
        while (!done.signal.aborted)
          await pair.channel
            .unary(echoPath, bytes(""))
            .catch((error: ServingError) => codes.add(error.code));
      };
      const bystanders = Array.from({ length: 4 }, bystander);
      for (let i = 0; i < 1_500; i += 1) await cancelAfterATurn(pair.channel, never.path);
      done.abort();
      await Promise.all(bystanders);
      expect([...codes]).toEqual([]);
      expect(text(await pair.channel.unary(echoPath, bytes("still here")))).toBe("still here");
    });
  });
}
