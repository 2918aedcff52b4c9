import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { bytes, echoPath, text } from "../contract/open-pair.contract.ts";
import { framed } from "../contract/raw-caller.contract.ts";
import {
  block,
  data,
  endFlags,
  headers,
  reply,
  replyHead,
  reset,
  trailers,
  windowUpdate,
} from "../contract/raw-server.contract.ts";
import { Flag, FrameType } from "./frames.ts";
import { frame, openScene } from "./hostile-scene.fixture.ts";

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
    frame({
      type: FrameType.HEADERS,
      streamId: id,
      payload: Buffer.concat([status, field, Buffer.alloc(1_000, 0xbe)]),
      flags: Flag.END_HEADERS,
    }),
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
        frame({
          type: FrameType.HEADERS,
          streamId: 1,
          payload: Buffer.concat([block({ ":status": "200" }), field]),
          flags: Flag.END_HEADERS,
        }),
        data(1, Buffer.alloc(10_000)),
        windowUpdate(1, 10),
        frame({
          type: FrameType.HEADERS,
          streamId: 1,
          payload: Buffer.from([0xbe]),
          flags: endFlags,
        }),
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
