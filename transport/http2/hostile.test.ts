import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { bytes, text } from "../contract/open-pair.contract.ts";
import { goAway, reply, reset, settings, windowUpdate } from "../contract/raw-server.contract.ts";
import { Http2Code } from "./connection-error.ts";
import { Flag, frameOf, FrameType } from "./frames.ts";
import { frame, openScene } from "./hostile-scene.fixture.ts";

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
          peer.send(
            frame({ type: FrameType.PING, payload: pings().at(-1)!.payload, flags: Flag.ACK }),
          );
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
        let sent = reply(id, Buffer.alloc(300, "message"));
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
