import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { bytes, echoPath, text } from "../contract/open-pair.contract.ts";
import { framed } from "../contract/raw-caller.contract.ts";
import {
  block,
  data,
  endFlags,
  goAway,
  headers,
  openRawServer,
  type RawPeer,
  reply,
  replyHead,
  reset,
  settings,
  trailers,
  windowUpdate,
} from "../contract/raw-server.contract.ts";
import { type Http2ChannelOptions, openHttp2Channel } from "./channel.ts";
import { Http2Code, type Http2CodeName } from "./connection-error.ts";
import { Flag, frameOf, FrameType } from "./frames.ts";

type Act = (peer: RawPeer, streamId: number) => void | Promise<void>;
type Greet = (peer: RawPeer) => void;

/** A server that does this with each request of its first connection, and behaves on the ones after that. */
async function openScene(act: Act, options: Http2ChannelOptions & { greet?: Greet } = {}) {
  const { greet = (peer: RawPeer) => peer.send(settings()) } = options;
  const server = await openRawServer(async (peer, connection) => {
    if (connection === 1) greet(peer);
    else peer.send(settings());
    for (let count = 1; ; count += 1) {
      const { streamId } = await peer.request(count);
      if (connection === 1) await act(peer, streamId);
      else peer.send(reply(streamId, bytes("recovered")));
    }
  }, Buffer.alloc(0));
  const channel = openHttp2Channel(server.address, options);
  const call = (message: Buffer = bytes("ask"), deadlineMs = performance.now() + 20_000) =>
    channel.unary(echoPath, message, { deadlineMs });
  return {
    server,
    channel,
    call,
    recovered: () => expect.poll(() => call().then(text, String)).toBe("recovered"),
    async [Symbol.asyncDispose]() {
      channel.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const frame = (type: number, streamId: number, payload: Uint8Array | number, flags = 0) =>
  frameOf({ type, flags, streamId }, typeof payload === "number" ? Buffer.alloc(payload) : payload);

/** What a connection does not survive, and the code of our GOAWAY. */
const violations: Record<string, readonly [sent: readonly Buffer[], code: Http2CodeName]> = {
  "a frame of 16,385 bytes": [[frame(FrameType.DATA, 1, 16_385)], "FRAME_SIZE_ERROR"],
  "a frame that claims 16 MiB": [
    [Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1])],
    "FRAME_SIZE_ERROR",
  ],
  "data without a stream": [[frame(FrameType.DATA, 0, 1)], "PROTOCOL_ERROR"],
  "data on a stream of the future": [[frame(FrameType.DATA, 99, 1)], "PROTOCOL_ERROR"],
  "data on a stream of its own": [[frame(FrameType.DATA, 2, 1)], "PROTOCOL_ERROR"],
  "data with more padding than data": [
    [
      frame(FrameType.HEADERS, 1, block(replyHead), 4),
      frame(FrameType.DATA, 1, Buffer.from([9, 0]), Flag.PADDED),
    ],
    "PROTOCOL_ERROR",
  ],
  "padding without its length": [[frame(FrameType.DATA, 1, 0, Flag.PADDED)], "PROTOCOL_ERROR"],
  "headers without a stream": [
    [frame(FrameType.HEADERS, 0, block(replyHead), endFlags)],
    "PROTOCOL_ERROR",
  ],
  "headers on a stream of the future": [
    [frame(FrameType.HEADERS, 7, block(replyHead), endFlags)],
    "PROTOCOL_ERROR",
  ],
  "headers too short for their priority": [
    [frame(FrameType.HEADERS, 1, 3, endFlags | Flag.PRIORITY)],
    "FRAME_SIZE_ERROR",
  ],
  "headers that are no HPACK": [
    [frame(FrameType.HEADERS, 1, bytes("\xff\xff\xff\xff\xff\xff"), endFlags)],
    "COMPRESSION_ERROR",
  ],
  "a continuation of nothing": [[frame(FrameType.CONTINUATION, 1, 1)], "PROTOCOL_ERROR"],
  "a block that is left unfinished": [
    [frame(FrameType.HEADERS, 1, block(replyHead)), frame(FrameType.PING, 0, 8)],
    "PROTOCOL_ERROR",
  ],
  "a block that goes on elsewhere": [
    [frame(FrameType.HEADERS, 1, block(replyHead)), frame(FrameType.CONTINUATION, 3, 0)],
    "PROTOCOL_ERROR",
  ],
  "a block of 80 KB": [
    [
      frame(FrameType.HEADERS, 1, 16_384),
      ...Array.from({ length: 5 }, () => frame(FrameType.CONTINUATION, 1, 16_384)),
    ],
    "ENHANCE_YOUR_CALM",
  ],
  "a block of empty pieces": [
    [
      frame(FrameType.HEADERS, 1, 0),
      ...Array.from({ length: 1_000 }, () => frame(FrameType.CONTINUATION, 1, 0)),
    ],
    "ENHANCE_YOUR_CALM",
  ],
  "a push": [[frame(FrameType.PUSH_PROMISE, 1, 10)], "PROTOCOL_ERROR"],
  "settings on a stream": [[frame(FrameType.SETTINGS, 1, 0)], "PROTOCOL_ERROR"],
  "settings of five bytes": [[frame(FrameType.SETTINGS, 0, 5)], "FRAME_SIZE_ERROR"],
  "an acknowledgement with settings": [
    [frame(FrameType.SETTINGS, 0, 6, Flag.ACK)],
    "FRAME_SIZE_ERROR",
  ],
  "settings that turn pushing on": [[settings([2, 1])], "PROTOCOL_ERROR"],
  "settings with a window of 2^31": [[settings([4, 2 ** 31])], "FLOW_CONTROL_ERROR"],
  "settings that overflow an open window": [
    [windowUpdate(1, 2 ** 31 - 1 - 70_000), settings([4, 2 ** 31 - 1])],
    "FLOW_CONTROL_ERROR",
  ],
  "settings with frames of 100 bytes": [[settings([5, 100])], "PROTOCOL_ERROR"],
  "settings with frames of 16 MiB": [[settings([5, 2 ** 24])], "PROTOCOL_ERROR"],
  "a ping of seven bytes": [[frame(FrameType.PING, 0, 7)], "FRAME_SIZE_ERROR"],
  "a ping on a stream": [[frame(FrameType.PING, 1, 8)], "PROTOCOL_ERROR"],
  "a goodbye of seven bytes": [[frame(FrameType.GOAWAY, 0, 7)], "FRAME_SIZE_ERROR"],
  "a goodbye on a stream": [[frame(FrameType.GOAWAY, 1, 8)], "PROTOCOL_ERROR"],
  "a window that grows by nothing": [[windowUpdate(0, 0)], "PROTOCOL_ERROR"],
  "a window update of three bytes": [[frame(FrameType.WINDOW_UPDATE, 0, 3)], "FRAME_SIZE_ERROR"],
  "a window of a stream of the future": [[windowUpdate(5, 1)], "PROTOCOL_ERROR"],
  "a window of more than 2^31": [[windowUpdate(0, 2 ** 31 - 1)], "FLOW_CONTROL_ERROR"],
  "a reset of three bytes": [[frame(FrameType.RST_STREAM, 1, 3)], "FRAME_SIZE_ERROR"],
  "a reset without a stream": [[reset(0, 8)], "PROTOCOL_ERROR"],
  "a reset of a stream of the future": [[reset(9, 8)], "PROTOCOL_ERROR"],
  "a priority of six bytes": [[frame(FrameType.PRIORITY, 1, 6)], "FRAME_SIZE_ERROR"],
};

async function goodbyeCode(peer: RawPeer): Promise<number> {
  const { payload } = await peer.frame(({ type }) => type === FrameType.GOAWAY);
  return payload.readUInt32BE(4);
}

describe("what a connection does not survive", () => {
  test.each(Object.entries(violations))("%s", async (_, [sent, code]) => {
    await using scene = await openScene((peer) => peer.send(...sent));
    await expect(scene.call()).rejects.toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
    expect(await goodbyeCode(scene.server.peers[0]!)).toBe(Http2Code[code]);
    await scene.server.peers[0]!.closed;
  });

  test("the next connection is a new beginning", async () => {
    await using scene = await openScene((peer) => peer.send(reset(0, 8)));
    await expect(scene.call()).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    await scene.recovered();
  });

  test.each([
    ["HTTP/1.1", bytes("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["a ping", frame(FrameType.PING, 0, 8)],
    ["an acknowledgement", frame(FrameType.SETTINGS, 0, 0, Flag.ACK)],
  ])("a server that begins with %s", async (_, greeting) => {
    await using scene = await openScene(() => {}, { greet: (peer) => peer.send(greeting) });
    await expect(scene.call()).rejects.toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
    await scene.recovered();
  });

  test("a server that sends a stream more than was asked for", async () => {
    await using scene = await openScene((peer, id) => {
      const piece = data(id, Buffer.alloc(16_000));
      peer.send(headers(id, replyHead), ...Array.from({ length: 20 }, () => piece));
    });
    async function* nothing() {}
    const replies = scene.channel.stream(echoPath, nothing())[Symbol.asyncIterator]();
    const first = await replies.next();
    expect(first.value).toHaveLength(0);
    expect(await goodbyeCode(scene.server.peers[0]!)).toBe(Http2Code.FLOW_CONTROL_ERROR);
  });

  test("a server that wants answers and does not read them", async () => {
    await using scene = await openScene((peer) => {
      peer.socket.pause();
      const pings = Buffer.concat(
        Array.from({ length: 10_000 }, () => frame(FrameType.PING, 0, 8)),
      );
      const more = () => void (peer.socket.destroyed || peer.socket.write(pings, more));
      more();
    });
    await expect(scene.call()).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      isLost: true,
      message: expect.stringContaining("does not read"),
    });
  });
});

/** What costs one call, and the code by which we reset it. */
const malformed: Record<
  string,
  readonly [sent: (id: number) => readonly Buffer[], code: keyof typeof Code]
> = {
  "headers without a :status": [
    (id) => [headers(id, { "content-type": "application/grpc" })],
    "INTERNAL",
  ],
  "a field in capitals": [(id) => [headers(id, { ...replyHead, "X-Loud": "1" })], "INTERNAL"],
  "a :path in a reply": [(id) => [headers(id, { ...replyHead, ":path": "/" })], "INTERNAL"],
  "a :status behind a field": [
    (id) => [headers(id, { "content-type": "application/grpc", ":status": "200" })],
    "INTERNAL",
  ],
  "a connection header": [(id) => [headers(id, { ...replyHead, connection: "close" })], "INTERNAL"],
  "an interim reply that is the end": [
    (id) => [headers(id, { ":status": "100" }, endFlags)],
    "INTERNAL",
  ],
  "a message before any headers": [(id) => [data(id, framed(bytes("x")))], "INTERNAL"],
  "trailers that are not the end": [
    (id) => [headers(id, replyHead), headers(id, { "grpc-status": "0" })],
    "INTERNAL",
  ],
  "trailers with a :status": [
    (id) => [headers(id, replyHead), trailers(id, { ":status": "200" })],
    "INTERNAL",
  ],
  "half a message": [
    (id) => [headers(id, replyHead), data(id, framed(bytes("x"), { length: 9 })), trailers(id)],
    "INTERNAL",
  ],
  "a compressed message": [
    (id) => [
      headers(id, { ...replyHead, "grpc-encoding": "gzip" }),
      data(id, framed(bytes("x"), { flags: 1 })),
    ],
    "INTERNAL",
  ],
  "a content type that is not gRPC": [
    (id) => [headers(id, { ":status": "200", "content-type": "text/html" })],
    "UNKNOWN",
  ],
  "a window of more than 2^31": [(id) => [windowUpdate(id, 2 ** 31 - 1)], "INTERNAL"],
  "70 KB of headers": [(id) => largeHeaders(id), "RESOURCE_EXHAUSTED"],
};

/** Small on the wire, large in memory: a field of 4,000 bytes, said again a thousand times. */
function largeHeaders(id: number): Buffer[] {
  const field = Buffer.concat([
    Buffer.from([0x40, 1, 0x61, 0x7f, 0xa1, 0x1e]),
    Buffer.alloc(4_000, "x"),
  ]);
  const status = Buffer.from([0x88]);
  return [
    frame(
      FrameType.HEADERS,
      id,
      Buffer.concat([status, field, Buffer.alloc(1_000, 0xbe)]),
      Flag.END_HEADERS,
    ),
  ];
}

describe("what costs one call and not its connection", () => {
  test.each(Object.entries(malformed))("%s", async (_, [sent, code]) => {
    await using scene = await openScene((peer, id) =>
      peer.send(...(id === 1 ? sent(id) : [reply(id, bytes("fine"))])),
    );
    await expect(scene.call()).rejects.toMatchObject({ code: Code[code], isLost: false });
    expect(text(await scene.call())).toBe("fine");
    expect(scene.server.peers).toHaveLength(1);
  });

  test("what still comes of a call that was given up is passed over", async () => {
    await using scene = await openScene(async (peer, id) => {
      if (id > 1) return peer.send(reply(id, bytes("next")));
      await peer.frame(({ type }) => type === FrameType.RST_STREAM);
      // Its headers fill the table that later blocks refer to.
      const field = Buffer.from([0x40, 1, 0x61, 1, 0x62]);
      peer.send(
        frame(
          FrameType.HEADERS,
          1,
          Buffer.concat([block({ ":status": "200" }), field]),
          Flag.END_HEADERS,
        ),
        data(1, Buffer.alloc(10_000)),
        windowUpdate(1, 10),
        frame(FrameType.HEADERS, 1, Buffer.from([0xbe]), endFlags),
        reset(1, 8),
      );
    });
    const aborting = new AbortController();
    const first = scene.channel.unary(echoPath, bytes(""), { signal: aborting.signal });
    await expect.poll(() => scene.server.peers[0]?.requests.length).toBe(1);
    aborting.abort();
    await expect(first).rejects.toMatchObject({ code: Code.CANCELLED });
    expect(text(await scene.call())).toBe("next");
    expect(scene.server.peers).toHaveLength(1);
  });
});

describe("peers that are slow, or go", () => {
  test("one that never reads: calls end by their deadlines, and little is kept", async () => {
    await using scene = await openScene(() => {}, {
      greet: (peer) => {
        peer.send(settings([4, 2 ** 31 - 1]), windowUpdate(0, 2 ** 30));
        peer.socket.pause();
      },
    });
    const deadlineMs = performance.now() + 500;
    const calls = Array.from({ length: 64 }, () => scene.call(Buffer.alloc(1_000_000), deadlineMs));
    for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[])
      expect([status, reason.code]).toEqual(["rejected", Code.DEADLINE_EXCEEDED]);
  });

  test("one that takes a connection and says nothing", async () => {
    await using scene = await openScene(() => {}, { greet: () => {}, connectTimeoutMs: 50 });
    await expect(scene.call()).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      isLost: true,
      message: expect.stringContaining("50 ms"),
    });
    await scene.recovered();
  });

  test("one that falls silent is found out by a ping", async () => {
    await using scene = await openScene(() => {}, { keepaliveMs: 30, keepaliveTimeoutMs: 30 });
    await expect(scene.call()).rejects.toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
    expect(scene.server.peers[0]!.frames.some(({ type }) => type === FrameType.PING)).toBe(true);
    await scene.recovered();
  });

  test("one that answers pings may take its time", async () => {
    await using scene = await openScene(
      async (peer, id) => {
        const pings = () => peer.frames.filter(({ type }) => type === FrameType.PING);
        for (let count = 1; count <= 2; count += 1) {
          await peer.frame(() => pings().length === count);
          peer.send(frame(FrameType.PING, 0, pings().at(-1)!.payload, Flag.ACK));
        }
        peer.send(reply(id, bytes("at last")));
      },
      { keepaliveMs: 10, keepaliveTimeoutMs: 1_000 },
    );
    expect(text(await scene.call())).toBe("at last");
  });

  test("one that resets whatever comes: 2,000 calls fail, and the connection stays", async () => {
    await using scene = await openScene((peer, id) =>
      peer.send(id < 4_000 ? reset(id, Http2Code.INTERNAL_ERROR) : reply(id, bytes("still here"))),
    );
    const codes = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      const calls = Array.from({ length: 100 }, () => scene.call());
      for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[])
        codes.add(reason.code);
    }
    expect([...codes]).toEqual([Code.INTERNAL]);
    expect(text(await scene.call())).toBe("still here");
    expect(scene.server.peers).toHaveLength(1);
  });

  test("one that leaves in anger: its words reach those who waited", async () => {
    await using scene = await openScene((peer, id) => {
      // And leaves the connection open.
      peer.send(goAway(id, Http2Code.ENHANCE_YOUR_CALM, "too many calls"));
    });
    await expect(scene.call()).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      isLost: true,
      message: expect.stringContaining("too many calls"),
    });
  });

  test("stream ids that run out are no failure", async () => {
    await using scene = await openScene(
      (peer, id) => peer.send(reply(id, bytes("one of the last"))),
      {
        firstStreamId: 2 ** 31 - 5,
      },
    );
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(text(await scene.call()));
    expect(answers.slice(0, 3)).toEqual(Array(3).fill("one of the last"));
    expect(answers.slice(3)).toEqual(Array(2).fill("recovered"));
  });
});

test("whatever comes, a call ends, and nothing is thrown into the event loop", async () => {
  const good = (id: number) => reply(id, Buffer.alloc(300, "message"));
  const cut = fc.record({
    at: fc.nat(400),
    bytes: fc.uint8Array({ maxLength: 12 }),
    drop: fc.nat(12),
  });
  const wild = fc.record({
    type: fc.nat(12),
    flags: fc.nat(255),
    streamId: fc.nat(6),
    payload: fc.uint8Array({ maxLength: 40 }),
  });
  const mess = fc.record({
    before: fc.array(wild, { maxLength: 3 }),
    cuts: fc.array(cut, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(mess, async ({ before, cuts }) => {
      await using scene = await openScene((peer, id) => {
        let sent = good(id);
        for (const { at, bytes, drop } of cuts)
          sent = Buffer.concat([sent.subarray(0, at), bytes, sent.subarray(at + drop)]);
        peer.send(...before.map(({ payload, ...head }) => frameOf(head, payload)), sent);
        peer.socket.end();
      });
      const ended = await scene.call().then(
        (reply) => reply.length,
        (error) => error.code,
      );
      expect(ended).toBeTypeOf("number");
    }),
    { numRuns: 200 },
  );
});
