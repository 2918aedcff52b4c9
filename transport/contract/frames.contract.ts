import { expect, test } from "vitest";
import { Flag, frameOf, FrameType } from "../http2/frames.ts";
import { bytes, echoPath, text, type Transport } from "./open-pair.contract.ts";
import { framed } from "./raw-caller.contract.ts";
import {
  block,
  data,
  endFlags,
  headers,
  replyHead,
  reply,
  settings,
  trailers,
  windowUpdate,
} from "./raw-server.contract.ts";
import { openScene } from "./server-scene.contract.ts";

function padded(
  type: number,
  payload: Buffer,
  [flags, streamId]: readonly [number, number],
): Buffer {
  const body = Buffer.concat([Buffer.from([7]), payload, Buffer.alloc(7)]);
  return frameOf({ type, flags: flags | Flag.PADDED, streamId }, body);
}

/** What HTTP/2 lets a server do with frames, and a client has to keep to. */
export function testFrames(transport: Transport): void {
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
