/** How much of a server its callers may occupy. What goes over is refused with RESOURCE_EXHAUSTED and a pushback. */
export interface ServerLimits {
  /** The newest is closed above it. Default 1,024: gRPC clients need few. */
  readonly maxConnections: number;
  /** Unary calls from their headers until their reply has left. Default 4,096. */
  readonly maxInFlightCalls: number;
  /** Streaming calls, apart from unary ones since they may last for days. Default 1,024. */
  readonly maxOpenStreams: number;
  /** Of all requests that came and all replies that have not left. Default 256 MiB. */
  readonly maxInFlightBytes: number;
  /** A larger reply is refused instead of sent. Default 16 MiB. */
  readonly maxReplyBytes: number;
  /** From the headers of a call to the end of its request; of a streaming call, to its first one. Default 5,000. */
  readonly maxReceiveMs: number;
  /** For the caller to take a reply; then the call is cut. Default 30,000. */
  readonly maxSendMs: number;
}

export const defaultServerLimits: ServerLimits = {
  maxConnections: 1_024,
  maxInFlightCalls: 4_096,
  maxOpenStreams: 1_024,
  maxInFlightBytes: 256 * 2 ** 20,
  maxReplyBytes: 16 * 2 ** 20,
  maxReceiveMs: 5_000,
  maxSendMs: 30_000,
};
