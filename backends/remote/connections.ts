import { openChannel } from "../../transport/open.ts";
import type { CallOptions, Channel, ChannelOptions } from "../../transport/transport.ts";

/** Several connections to one address, as one channel. */
export interface Connections extends Pick<Channel, "unary" | "close"> {
  /** One of them, for streams. */
  readonly first: Channel;
}

interface Connection {
  readonly channel: Channel;
  inFlight: number;
}

/** Each call takes the connection with the fewest calls in flight. */
export function openConnections(
  address: string,
  count: number,
  options: ChannelOptions,
): Connections {
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`connections is ${count}; it must be a whole number of at least 1`);
  const connections = Array.from({ length: count }, () => ({
    channel: openChannel(address, options),
    inFlight: 0,
  }));
  return {
    first: connections[0]!.channel,
    async unary(path: string, request: Uint8Array, call: CallOptions = {}) {
      const connection = leastBusy(connections);
      connection.inFlight++;
      try {
        return await connection.channel.unary(path, request, call);
      } finally {
        connection.inFlight--;
      }
    },
    close() {
      for (const { channel } of connections) channel.close();
    },
  };
}

function leastBusy(connections: readonly Connection[]): Connection {
  return connections.reduce((best, one) => (one.inFlight < best.inFlight ? one : best));
}
