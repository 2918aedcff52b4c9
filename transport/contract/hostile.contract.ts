import { once } from "node:events";
import { connect } from "node:net";
import type { OutgoingHttpHeaders } from "node:http2";
import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Call } from "../call.ts";
import type { Method } from "../transport.ts";
import { aborted, deferred } from "./deferred.contract.ts";
import { bytes, echo, echoPath, openPair, text, type Transport } from "./open-pair.contract.ts";
import { framed, openRawCaller } from "./raw-caller.contract.ts";

interface Attack {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  /** The status; absent: any but OK, or none at all. */
  readonly code?: number | "any";
}

const attacks: Record<string, Attack> = {
  "a content type that is not gRPC": { headers: { "content-type": "text/html" } },
  "no body at all": { body: Buffer.alloc(0), code: Code.UNIMPLEMENTED },
  "half a message": { body: framed(bytes("abc"), { length: 100 }) },
  "a frame that claims 4 GiB": {
    body: framed(bytes("abc"), { length: 0xffff_ffff }),
    code: Code.RESOURCE_EXHAUSTED,
  },
  "a compressed flag without compression": {
    body: framed(bytes("abc"), { flags: 1 }),
    code: "any",
  },
  "bytes that are not gzip": {
    headers: { "grpc-encoding": "gzip" },
    body: framed(bytes("abc"), { flags: 1 }),
    code: Code.UNIMPLEMENTED,
  },
  "an unknown compression": {
    headers: { "grpc-encoding": "rot13" },
    body: framed(bytes("abc"), { flags: 1 }),
    code: Code.UNIMPLEMENTED,
  },
  "a timeout that is no number": { headers: { "grpc-timeout": "soon" } },
  "a -bin header that is not base64": { headers: { "x-bin": "%%%" }, code: Code.OK },
  "a path that is no method": { headers: { ":path": "/" }, code: Code.UNIMPLEMENTED },
  "a path with a percent and a question mark": {
    headers: { ":path": "/a%0ab?c" },
    code: Code.UNIMPLEMENTED,
  },
  "a path in Latin-1": { headers: { ":path": "/caf\u00e9" } },
  "64 headers": {
    headers: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`x-${i}`, "v"])),
    code: Code.OK,
  },
};

export function testHostilePeers(transport: Transport): void {
  test.each(Object.entries(attacks))(
    "%s: refused, and the connection and the server serve on",
    async (_, attack) => {
      await using pair = await openPair(transport, [echo]);
      await using raw = await openRawCaller(pair.server.address);
      const headers = { ":path": echoPath, ...attack.headers };
      const answer = await raw.call(headers, attack.body ?? framed(bytes("abc")));
      if (attack.code === undefined) expect(answer["grpc-status"]).not.toBe("0");
      else if (attack.code !== "any") expect(answer["grpc-status"]).toBe(String(attack.code));
      expect(await raw.call({ ":path": echoPath }, framed(bytes("abc")))).toMatchObject({
        "grpc-status": "0",
      });
      expect(text(await pair.channel.unary(echoPath, bytes("still here")))).toBe("still here");
    },
  );

  test("a deadline already past is answered without the handler", async () => {
    let called = false;
    const method: Method = {
      ...echo,
      kind: "unary",
      handle: async (request) => ((called = true), request),
    };
    await using pair = await openPair(transport, [method]);
    await using raw = await openRawCaller(pair.server.address);
    const answer = await raw.call(
      { ":path": echoPath, "grpc-timeout": "0m" },
      framed(bytes("abc")),
    );
    expect(answer["grpc-status"]).toBe(String(Code.DEADLINE_EXCEEDED));
    expect(called).toBe(false);
  });

  test.each(["2592000S", "99999999S", "99999999H", "1000H", "720H"])(
    "a timeout of %s is none to worry about",
    async (timeout) => {
      await using pair = await openPair(transport, [echo]);
      await using raw = await openRawCaller(pair.server.address);
      const headers = { ":path": echoPath, "grpc-timeout": timeout };
      expect(await raw.call(headers, framed(bytes("abc")))).toMatchObject({ "grpc-status": "0" });
    },
  );

  test("repeated metadata is joined, as HTTP/2 allows", async () => {
    const seen = deferred<Call>();
    const method: Method = {
      ...echo,
      kind: "unary",
      handle: async (request, call) => (seen.resolve(call), request),
    };
    await using pair = await openPair(transport, [method]);
    await using raw = await openRawCaller(pair.server.address);
    await raw.call(
      { ":path": echoPath, "x-tag": ["a", "b"], "y-bin": ["AAEC", "AwQF"] },
      framed(bytes("")),
    );
    const { metadata } = await seen.promise;
    expect([metadata.get("x-tag"), metadata.get("y-bin")]).toEqual(["a, b", "AAEC, AwQF"]);
  });

  test("bytes that are not HTTP/2 at all", async () => {
    await using pair = await openPair(transport, [echo]);
    const socket = connect(pair.server.port, "127.0.0.1");
    socket.end("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    expect(text(await pair.channel.unary(echoPath, bytes("still here")))).toBe("still here");
  });

  test("a caller that drops its connection aborts its handlers", async () => {
    const seen = deferred<Call>();
    const never: Method = {
      kind: "unary",
      path: "/test.Service/Never",
      handle: (_, call) => {
        seen.resolve(call);
        return new Promise(() => {});
      },
    };
    await using pair = await openPair(transport, [never, echo]);
    const raw = await openRawCaller(pair.server.address);
    const call = raw.call({ ":path": never.path }, framed(bytes("")));
    const { signal } = await seen.promise;
    await raw[Symbol.asyncDispose]();
    await call;
    expect(await aborted(signal)).toMatchObject({ code: Code.CANCELLED });
    expect(text(await pair.channel.unary(echoPath, bytes("still here")))).toBe("still here");
  });
}
