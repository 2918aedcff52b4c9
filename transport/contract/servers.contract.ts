import { describe, expect, test } from "vitest";
import { Code, type CodeName } from "../../proto/serving-error.ts";
import { Flag, FrameType } from "../http2/frames.ts";
import { bytes, echoPath, text, type Transport } from "./open-pair.contract.ts";
import { framed } from "./raw-caller.contract.ts";
import {
  data,
  endFlags,
  goAway,
  headers,
  replyHead,
  reply,
  reset,
  trailers,
} from "./raw-server.contract.ts";
import { type Act, openScene } from "./server-scene.contract.ts";

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

async function* oneTwo() {
  yield bytes("one ");
  yield bytes("two");
}

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
    const replies: string[] = [];
    for await (const reply of scene.channel.stream(echoPath, oneTwo())) replies.push(text(reply));
    expect(replies).toEqual(["one two"]);
  });
}

/** How a client deals with servers, those of other makes and broken ones among them. */
export function testServers(transport: Transport): void {
  describe("failures", () => testFailures(transport));
  describe("refusals", () => testRefusals(transport));
}
