import type { ChannelOptions } from "../transport.ts";
import { bytes, echoPath, type Transport } from "./open-pair.contract.ts";
import { openRawServer, type RawPeer } from "./raw-server.contract.ts";

export type Act = (peer: RawPeer, streamId: number, connection: number) => void | Promise<void>;

/** A channel to a server that does this with each request of each connection. */
export async function openScene(transport: Transport, act: Act, options: SceneOptions = {}) {
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
