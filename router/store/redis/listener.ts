import type { Redis } from "ioredis";

/** A connection that only listens, to one server. It ends when anything goes wrong with it. */
export interface Listener {
  /** Rejects when the server cannot be reached. */
  subscribe(channel: string): Promise<void>;
  /** Rejects when there is no answer, or when it has ended. */
  ping(): Promise<unknown>;
  close(): void;
}

export interface ListenerEvents {
  readonly onMessage: (message: string) => void;
  readonly onEnd: () => void;
}

export function overListener(redis: Redis, { onMessage, onEnd }: ListenerEvents): Listener {
  let failure: unknown;
  redis.on("error", (error) => (failure = error));
  redis.on("message", (_, message) => onMessage(message)).once("end", onEnd);
  return {
    async subscribe(channel) {
      try {
        await redis.connect();
      } catch (error) {
        throw failure ?? error;
      }
      await redis.subscribe(channel);
    },
    ping: () => redis.ping(),
    close: () => redis.disconnect(),
  };
}
