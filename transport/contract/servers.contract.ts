import { describe, expect, test } from "vitest";
import { Code, type CodeName } from "../../proto/serving-error.ts";
import { Flag, frameOf, FrameType } from "../http2/frames.ts";
import type { ChannelOptions } from "../transport.ts";
import { bytes, echoPath, text, type Transport } from "./open-pair.contract.ts";
import { framed } from "./raw-caller.contract.ts";
import {
  block,
  data,
  endFlags,
  goAway,
  headers,
  openRawServer,
  replyHead,
  reply,
  reset,
  settings,
  trailers,
  windowUpdate,
  type RawPeer,
} from "./raw-server.contract.ts";

type Act = (peer: RawPeer, streamId: number, connection: number) => void | Promise<void>;

/** A channel to a server that does this with each request of each connection. */
async function openScene(transport: Transport, act: Act, options: SceneOptions = {}) {
  const server = await openRawServer(async (peer, connection) => {
    for (let count = 1; ; count += 1) {
      const { streamId } = await peer.request(count);
      await act(peer, streamId, connection);
    }
  }, options.greeting);
  const channel = transport.openChannel(server.address, options.channel);
  return {
    server,
    channel,
    call: (message = bytes("ask")) =>
      channel.unary(echoPath, message, { deadlineMs: performance.now() + 20_000 }),
    async [Symbol.asyncDispose]() {
      channel.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

interface SceneOptions {
  readonly greeting?: Uint8Array;
  readonly channel?: ChannelOptions;
}

interface Failure {
  readonly code: CodeName;
  readonly isLost?: boolean;
  readonly message?: RegExp;
}

const failures: Record<string, readonly [act: Act, failure: Failure]> = {
  "a connection that ends before any reply": [
    (peer) => void peer.socket.destroy(),
    { code: "UNAVAILABLE", isLost: true },
  ],
  "a connection that ends in the middle of a reply": [
    (peer, id) => {
      peer.send(headers(id, replyHead));
      peer.socket.end();
    },
    { code: "UNAVAILABLE" },
  ],
  "a reply without a status": [
    (peer, id) => peer.send(headers(id, replyHead), data(id, framed(bytes("x")), Flag.END_STREAM)),
    { code: "UNAVAILABLE", isLost: true },
  ],
  "trailers without a status": [
    (peer, id) => peer.send(headers(id, replyHead), trailers(id, { "x-other": "1" })),
    { code: "UNKNOWN", isLost: false },
  ],
  "a status that is no code": [
    (peer, id) => peer.send(headers(id, replyHead), trailers(id, { "grpc-status": "99" })),
    { code: "INTERNAL", isLost: false },
  ],
  "headers alone, with a status": [
    (peer, id) => {
      const fields = { ...replyHead, "grpc-status": "5", "grpc-message": "no%20such %E6%9B%B2" };
      peer.send(headers(id, fields, endFlags));
    },
    { code: "NOT_FOUND", isLost: false, message: /^no such 曲$/ },
  ],
  "a message that is not percent-encoded": [
    (peer, id) => {
      const fields = { ...replyHead, "grpc-status": "5", "grpc-message": "100% gone" };
      peer.send(headers(id, fields, endFlags));
    },
    { code: "NOT_FOUND", message: /^100% gone$/ },
  ],
  "a message over the cap, of which nothing has come": [
    (peer, id) =>
      peer.send(headers(id, replyHead), data(id, framed(bytes(""), { length: 2 ** 31 }))),
    { code: "RESOURCE_EXHAUSTED", isLost: false },
  ],
};

const httpStatuses: readonly (readonly [status: number, code: CodeName])[] = [
  [400, "INTERNAL"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "UNIMPLEMENTED"],
  [429, "UNAVAILABLE"],
  [500, "UNKNOWN"],
  [502, "UNAVAILABLE"],
  [503, "UNAVAILABLE"],
  [504, "UNAVAILABLE"],
];

/** Of RST_STREAM, by its code. */
const resets: readonly (readonly [reset: number, failure: Failure])[] = [
  [0, { code: "UNAVAILABLE", isLost: true }],
  [1, { code: "INTERNAL" }],
  [2, { code: "INTERNAL" }],
  [3, { code: "INTERNAL" }],
  [8, { code: "UNAVAILABLE", isLost: true }],
  [11, { code: "RESOURCE_EXHAUSTED", isLost: false }],
  [12, { code: "PERMISSION_DENIED", isLost: false }],
];

function testFailures(transport: Transport): void {
  const expectFailure = async (act: Act, { code, isLost, message = /^/ }: Failure) => {
    await using scene = await openScene(transport, act);
    await expect(scene.call()).rejects.toMatchObject({
      code: Code[code],
      message: expect.stringMatching(message),
      ...(isLost !== undefined && { isLost }),
    });
  };

  test.each(Object.entries(failures))("%s", (_, [act, failure]) => expectFailure(act, failure));

  test.each(httpStatuses)("a proxy's HTTP status %i is %s, and not lost", (status, code) => {
    const fields = { ":status": String(status), "content-type": "text/html" };
    return expectFailure((peer, id) => peer.send(headers(id, fields, endFlags)), {
      code,
      isLost: false,
    });
  });

  test.each(resets)("a reset with code %i", (code, failure) =>
    expectFailure((peer, id) => peer.send(reset(id, code)), failure),
  );
}

const refused = 7;

function testRefusals(transport: Transport): void {
  test("a call that the server refused once is made again, and its caller hears nothing of it", async () => {
    let count = 0;
    await using scene = await openScene(transport, (peer, id) =>
      peer.send(++count === 1 ? reset(id, refused) : reply(id, bytes("second"))),
    );
    expect(text(await scene.call())).toBe("second");
  });

  test("one that is refused again is lost", async () => {
    await using scene = await openScene(transport, (peer, id) => peer.send(reset(id, refused)));
    await expect(scene.call()).rejects.toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
  });

  test("one that a leaving server has not begun is made again, elsewhere; one that it has is answered", async () => {
    await using scene = await openScene(transport, async (peer, id, connection) => {
      if (connection > 1) return peer.send(reply(id, bytes("elsewhere")));
      if (id === 1) await peer.request(2);
      else peer.send(goAway(1, 0), reply(1, bytes("here")));
    });
    const answers = await Promise.all([scene.call(), scene.call()]);
    expect(answers.map(text)).toEqual(["here", "elsewhere"]);
  });

  test("a stream that the server refused is made again with what it had sent", async () => {
    let count = 0;
    await using scene = await openScene(transport, async (peer, id) => {
      await peer.frame(
        ({ type, streamId, flags }) =>
          type === FrameType.DATA && streamId === id && flags === Flag.END_STREAM,
      );
      if (++count === 1) return peer.send(reset(id, refused));
      const sent = peer.frames.filter(
        ({ type, streamId }) => type === FrameType.DATA && streamId === id,
      );
      peer.send(reply(id, Buffer.concat(sent.map(({ payload }) => payload.subarray(5)))));
    });
    async function* requests() {
      yield bytes("one ");
      yield bytes("two");
    }
    const replies: string[] = [];
    for await (const reply of scene.channel.stream(echoPath, requests())) replies.push(text(reply));
    expect(replies).toEqual(["one two"]);
  });
}

function padded(
  type: number,
  payload: Buffer,
  [flags, streamId]: readonly [number, number],
): Buffer {
  const body = Buffer.concat([Buffer.from([7]), payload, Buffer.alloc(7)]);
  return frameOf({ type, flags: flags | Flag.PADDED, streamId }, body);
}

function testFrames(transport: Transport): void {
  test("padding, priorities, continuations, interim replies and unknown frames change nothing", async () => {
    await using scene = await openScene(transport, (peer, id) => {
      const head = block(replyHead);
      const withPriority = Buffer.concat([Buffer.from([0, 0, 0, 0, 16]), head.subarray(0, 3)]);
      peer.send(
        headers(id, { ":status": "103" }),
        frameOf({ type: 0x42, flags: 255, streamId: id }, bytes("from the future")),
        frameOf({ type: FrameType.PRIORITY, flags: 0, streamId: 99 }, Buffer.alloc(5)),
        frameOf({ type: FrameType.HEADERS, flags: Flag.PRIORITY, streamId: id }, withPriority),
        frameOf({ type: FrameType.CONTINUATION, flags: 0, streamId: id }, head.subarray(3, 10)),
        frameOf(
          { type: FrameType.CONTINUATION, flags: Flag.END_HEADERS, streamId: id },
          head.subarray(10),
        ),
        padded(FrameType.DATA, framed(bytes("padded")).subarray(0, 4), [0, id]),
        data(id, bytes("")),
        padded(FrameType.DATA, framed(bytes("padded")).subarray(4), [0, id]),
        padded(FrameType.HEADERS, block({ "grpc-status": "0" }), [endFlags, id]),
      );
    });
    expect(text(await scene.call())).toBe("padded");
  });

  test("a reply that comes byte by byte", async () => {
    await using scene = await openScene(transport, async (peer, id) => {
      for (const byte of reply(id, bytes("slowly"))) {
        peer.send(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
    });
    expect(text(await scene.call())).toBe("slowly");
  });

  test("a large message in frames of one byte", async () => {
    const message = Buffer.alloc(3_000, "large");
    await using scene = await openScene(transport, (peer, id) =>
      peer.send(
        headers(id, replyHead),
        ...Array.from(framed(message), (byte) => data(id, Buffer.from([byte]))),
        trailers(id),
      ),
    );
    expect(text(await scene.call())).toBe(String(message));
  });

  test("a window of a few bytes at a time is kept to", async () => {
    const request = Buffer.alloc(50, "window");
    await using scene = await openScene(
      transport,
      async (peer, id) => {
        const received = () =>
          peer.frames.filter(({ type, streamId }) => type === FrameType.DATA && streamId === id);
        const bytesOf = () => received().reduce((sum, { payload }) => sum + payload.length, 0);
        for (let allowed = 3; allowed < 55; allowed += 4) {
          await peer.frame(() => bytesOf() >= allowed);
          expect(bytesOf()).toBe(allowed);
          peer.send(windowUpdate(id, 4));
        }
        await peer.frame(
          ({ type, flags }) => type === FrameType.DATA && (flags & Flag.END_STREAM) !== 0,
        );
        peer.send(reply(id, Buffer.concat(received().map(({ payload }) => payload)).subarray(5)));
      },
      { greeting: settings([4, 3]) },
    );
    expect(text(await scene.call(request))).toBe(String(request));
  });

  test("windows may shrink below nothing while a request is on its way", async () => {
    const request = Buffer.alloc(100_000, "shrink");
    await using scene = await openScene(transport, async (peer, id) => {
      const bytesOf = () =>
        peer.frames
          .filter(({ type, streamId }) => type === FrameType.DATA && streamId === id)
          .reduce((sum, { payload }) => sum + payload.length, 0);
      await peer.frame(() => bytesOf() === 65_535);
      // 65,535 bytes were sent where 1,000 are allowed now: another 70,000 allow 5,465.
      peer.send(settings([4, 1_000]), windowUpdate(0, 1_000_000), windowUpdate(id, 70_000));
      await peer.frame(() => bytesOf() === 71_000);
      peer.send(windowUpdate(id, 1_000_000));
      await peer.frame(() => bytesOf() === 100_005);
      peer.send(reply(id, bytes("all of it")));
    });
    expect(text(await scene.call(request))).toBe("all of it");
  });

  test("a server that forgets its header table, and one that allows none", async () => {
    const seen: (string | undefined)[] = [];
    await using scene = await openScene(transport, (peer, id) => {
      seen.push(peer.requests.at(-1)!.headers.get(":path"));
      const change = id === 3 ? settings([1, 0]) : id === 5 ? settings([1, 200]) : bytes("");
      peer.send(change, reply(id, bytes("ok")));
    });
    for (let i = 0; i < 6; i += 1) expect(text(await scene.call())).toBe("ok");
    expect(seen).toEqual(Array(6).fill(echoPath));
  });

  test("pings are answered with what they bring", async () => {
    await using scene = await openScene(transport, (peer, id) =>
      peer.send(
        frameOf({ type: FrameType.PING, flags: 0, streamId: 0 }, bytes("12345678")),
        reply(id, bytes("ok")),
      ),
    );
    await scene.call();
    const pong = await scene.server.peers[0]!.frame(
      ({ type, flags }) => type === FrameType.PING && flags === Flag.ACK,
    );
    expect(String(pong.payload)).toBe("12345678");
  });

  test("metadata that fills several frames arrives", async () => {
    const value = "m".repeat(40_000);
    let arrived: string | undefined;
    await using scene = await openScene(transport, (peer, id) => {
      arrived = peer.requests.at(-1)!.headers.get("x-large");
      peer.send(reply(id, bytes("ok")));
    });
    await scene.channel.unary(echoPath, bytes(""), { metadata: new Map([["x-large", value]]) });
    expect(arrived).toBe(value);
  });
}

/** How a client deals with servers, those of other makes and broken ones among them. */
export function testServers(transport: Transport): void {
  describe("failures", () => testFailures(transport));
  describe("refusals", () => testRefusals(transport));
  describe("frames", () => testFrames(transport));
}
