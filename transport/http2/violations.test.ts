import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { bytes, echoPath } from "../contract/open-pair.contract.ts";
import {
  block,
  data,
  endFlags,
  headers,
  type RawPeer,
  replyHead,
  reset,
  settings,
  windowUpdate,
} from "../contract/raw-server.contract.ts";
import { Http2Code, type Http2CodeName } from "./connection-error.ts";
import { Flag, FrameType } from "./frames.ts";
import { frame, openScene } from "./hostile-scene.fixture.ts";

/** What a connection does not survive, and the code of our GOAWAY. */
const violations: Record<string, readonly [sent: readonly Buffer[], code: Http2CodeName]> = {
  "a frame of 16,385 bytes": [
    [frame({ type: FrameType.DATA, streamId: 1, payload: 16_385 })],
    "FRAME_SIZE_ERROR",
  ],
  "a frame that claims 16 MiB": [
    [Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1])],
    "FRAME_SIZE_ERROR",
  ],
  "data without a stream": [[frame({ type: FrameType.DATA, payload: 1 })], "PROTOCOL_ERROR"],
  "data on a stream of the future": [
    [frame({ type: FrameType.DATA, streamId: 99, payload: 1 })],
    "PROTOCOL_ERROR",
  ],
  "data on a stream of its own": [
    [frame({ type: FrameType.DATA, streamId: 2, payload: 1 })],
    "PROTOCOL_ERROR",
  ],
  "data with more padding than data": [
    [
      frame({ type: FrameType.HEADERS, streamId: 1, payload: block(replyHead), flags: 4 }),
      frame({
        type: FrameType.DATA,
        streamId: 1,
        payload: Buffer.from([9, 0]),
        flags: Flag.PADDED,
      }),
    ],
    "PROTOCOL_ERROR",
  ],
  "padding without its length": [
    [frame({ type: FrameType.DATA, streamId: 1, flags: Flag.PADDED })],
    "PROTOCOL_ERROR",
  ],
  "headers without a stream": [
    [frame({ type: FrameType.HEADERS, payload: block(replyHead), flags: endFlags })],
    "PROTOCOL_ERROR",
  ],
  "headers on a stream of the future": [
    [frame({ type: FrameType.HEADERS, streamId: 7, payload: block(replyHead), flags: endFlags })],
    "PROTOCOL_ERROR",
  ],
  "headers too short for their priority": [
    [frame({ type: FrameType.HEADERS, streamId: 1, payload: 3, flags: endFlags | Flag.PRIORITY })],
    "FRAME_SIZE_ERROR",
  ],
  "headers that are no HPACK": [
    [
      frame({
        type: FrameType.HEADERS,
        streamId: 1,
        payload: bytes("\xff\xff\xff\xff\xff\xff"),
        flags: endFlags,
      }),
    ],
    "COMPRESSION_ERROR",
  ],
  "a continuation of nothing": [
    [frame({ type: FrameType.CONTINUATION, streamId: 1, payload: 1 })],
    "PROTOCOL_ERROR",
  ],
  "a block that is left unfinished": [
    [
      frame({ type: FrameType.HEADERS, streamId: 1, payload: block(replyHead) }),
      frame({ type: FrameType.PING, payload: 8 }),
    ],
    "PROTOCOL_ERROR",
  ],
  "a block that goes on elsewhere": [
    [
      frame({ type: FrameType.HEADERS, streamId: 1, payload: block(replyHead) }),
      frame({ type: FrameType.CONTINUATION, streamId: 3 }),
    ],
    "PROTOCOL_ERROR",
  ],
  "a block of 80 KB": [
    [
      frame({ type: FrameType.HEADERS, streamId: 1, payload: 16_384 }),
      ...Array.from({ length: 5 }, () =>
        frame({ type: FrameType.CONTINUATION, streamId: 1, payload: 16_384 }),
      ),
    ],
    "ENHANCE_YOUR_CALM",
  ],
  "a block of empty pieces": [
    [
      frame({ type: FrameType.HEADERS, streamId: 1 }),
      ...Array.from({ length: 1_000 }, () => frame({ type: FrameType.CONTINUATION, streamId: 1 })),
    ],
    "ENHANCE_YOUR_CALM",
  ],
  "a push": [[frame({ type: FrameType.PUSH_PROMISE, streamId: 1, payload: 10 })], "PROTOCOL_ERROR"],
  "settings on a stream": [[frame({ type: FrameType.SETTINGS, streamId: 1 })], "PROTOCOL_ERROR"],
  "settings of five bytes": [[frame({ type: FrameType.SETTINGS, payload: 5 })], "FRAME_SIZE_ERROR"],
  "an acknowledgement with settings": [
    [frame({ type: FrameType.SETTINGS, payload: 6, flags: Flag.ACK })],
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
  "a ping of seven bytes": [[frame({ type: FrameType.PING, payload: 7 })], "FRAME_SIZE_ERROR"],
  "a ping on a stream": [
    [frame({ type: FrameType.PING, streamId: 1, payload: 8 })],
    "PROTOCOL_ERROR",
  ],
  "a goodbye of seven bytes": [[frame({ type: FrameType.GOAWAY, payload: 7 })], "FRAME_SIZE_ERROR"],
  "a goodbye on a stream": [
    [frame({ type: FrameType.GOAWAY, streamId: 1, payload: 8 })],
    "PROTOCOL_ERROR",
  ],
  "a window that grows by nothing": [[windowUpdate(0, 0)], "PROTOCOL_ERROR"],
  "a window update of three bytes": [
    [frame({ type: FrameType.WINDOW_UPDATE, payload: 3 })],
    "FRAME_SIZE_ERROR",
  ],
  "a window of a stream of the future": [[windowUpdate(5, 1)], "PROTOCOL_ERROR"],
  "a window of more than 2^31": [[windowUpdate(0, 2 ** 31 - 1)], "FLOW_CONTROL_ERROR"],
  "a reset of three bytes": [
    [frame({ type: FrameType.RST_STREAM, streamId: 1, payload: 3 })],
    "FRAME_SIZE_ERROR",
  ],
  "a reset without a stream": [[reset(0, 8)], "PROTOCOL_ERROR"],
  "a reset of a stream of the future": [[reset(9, 8)], "PROTOCOL_ERROR"],
  "a priority of six bytes": [
    [frame({ type: FrameType.PRIORITY, streamId: 1, payload: 6 })],
    "FRAME_SIZE_ERROR",
  ],
};

async function* noRequests() {}

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
    ["a ping", frame({ type: FrameType.PING, payload: 8 })],
    ["an acknowledgement", frame({ type: FrameType.SETTINGS, flags: Flag.ACK })],
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
    const replies = scene.channel.stream(echoPath, noRequests())[Symbol.asyncIterator]();
    const first = await replies.next();
    expect(first.value).toHaveLength(0);
    expect(await goodbyeCode(scene.server.peers[0]!)).toBe(Http2Code.FLOW_CONTROL_ERROR);
  });

  test("a server that wants answers and does not read them", async () => {
    await using scene = await openScene((peer) => {
      peer.socket.pause();
      const pings = Buffer.concat(
        Array.from({ length: 10_000 }, () => frame({ type: FrameType.PING, payload: 8 })),
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
