import { expect } from "vitest";
import { bytes, echoPath, text } from "../contract/open-pair.contract.ts";
import { openRawServer, type RawPeer, reply, settings } from "../contract/raw-server.contract.ts";
import { type Http2ChannelOptions, openHttp2Channel } from "./channel.ts";
import { frameOf } from "./frames.ts";

type Act = (peer: RawPeer, streamId: number) => void | Promise<void>;
type Greet = (peer: RawPeer) => void;

/** A server that does this with each request of its first connection, and behaves on the ones after that. */
export async function openScene(act: Act, options: Http2ChannelOptions & { greet?: Greet } = {}) {
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

interface FrameParts {
  readonly type: number;
  readonly streamId?: number;
  readonly flags?: number;
  /** Or how many zeros. */
  readonly payload?: Uint8Array | number;
}

export function frame({ type, streamId = 0, flags = 0, payload = 0 }: FrameParts): Buffer {
  return frameOf(
    { type, flags, streamId },
    typeof payload === "number" ? Buffer.alloc(payload) : payload,
  );
}
