import { expect } from "vitest";
import type {
  Channel,
  ChannelOptions,
  Method,
  OpenChannel,
  ServerOptions,
  StartServer,
  TransportServer,
} from "../transport.ts";

/** What the contract suite tests. */
export interface Transport {
  readonly startServer: StartServer;
  readonly openChannel: OpenChannel;
}

export interface Pair extends AsyncDisposable {
  readonly server: TransportServer;
  readonly channel: Channel;
}

export interface PairOptions {
  readonly server?: ServerOptions;
  readonly channel?: ChannelOptions;
}

/** A server and a channel to it. Disposing fails when either leaves a connection behind. */
export async function openPair(
  { startServer, openChannel }: Transport,
  methods: readonly Method[],
  options: PairOptions = {},
): Promise<Pair> {
  const before = openSockets();
  const server = await startServer(methods, options.server);
  const channel = openChannel(server.address, options.channel);
  return {
    server,
    channel,
    async [Symbol.asyncDispose]() {
      channel.close();
      await server.close(1_000);
      await expect
        .poll(openSockets, { message: "connections left open", interval: 5 })
        .toBeLessThanOrEqual(before);
    },
  };
}

export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => /^(TCP|TLS|Pipe)/.test(resource))
    .length;
}

export const echoPath = "/test.Service/Echo";

export const echo: Method = { kind: "unary", path: echoPath, handle: async (request) => request };

export const bytes = (text: string) => Buffer.from(text);
export const text = (message: Uint8Array) => Buffer.from(message).toString();
