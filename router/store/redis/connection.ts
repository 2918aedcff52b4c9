import type { EventEmitter } from "node:events";
import type { Cluster, Redis } from "ioredis";

/**
 * A connection that reads and writes. Every command settles within a time limit. In a cluster one may be sent again when
 * its node was lost: what writes must stand being repeated.
 */
export interface Connection {
  send(command: string, args: readonly (string | number)[]): Promise<unknown>;
  /** Calls back when commands can be sent (again), and when they cannot any more. */
  onChange(changed: () => void): () => void;
  close(): void;
}

type Words = readonly (string | number)[];

/** The connection had just been lost. */
const notSent = /isn't writeable|isn't ready/;
/** What is said instead of why. */
const notConnected =
  /isn't writeable|isn't ready|Connection is closed|max retries per request|was not reached/;

export function overClient(client: Redis | Cluster, timeoutMs: number): Connection {
  const events: EventEmitter = client;
  let failure: unknown;
  const note = (error: unknown) => (failure = error);
  events.on("error", note).on("node error", note);
  events.on("ready", () => (failure = undefined));
  let isClosed = false;
  // Some failures ioredis takes for the end, as one while it asks sentinels.
  const connectAgain = () => {
    if (!isClosed) client.connect().catch(note);
  };
  events.on("end", () => {
    if (!isClosed) setTimeout(connectAgain, timeoutMs);
  });

  /** A connection that was just lost is back soon. */
  async function untilReady(isLost: boolean): Promise<void> {
    if (client.status === "ready" && !isLost) return;
    const stop = new AbortController();
    const ready = new Promise<void>((resolve) => {
      events.once("ready", resolve);
      stop.signal.addEventListener("abort", () => events.off("ready", resolve));
    });
    try {
      await within(timeoutMs, ready, `was not reached within ${timeoutMs} ms`);
    } finally {
      stop.abort();
    }
  }

  async function trySending(command: string, args: Words, isAgain = false) {
    await untilReady(isAgain);
    try {
      // A cluster may redirect a command, and wait for another node, for as long as it likes.
      return await within(
        2 * timeoutMs,
        client.call(command, [...args]),
        `did not answer within ${2 * timeoutMs} ms`,
      );
    } catch (error) {
      if (isAgain || !(error instanceof Error && notSent.test(error.message))) throw error;
      return trySending(command, args, true);
    }
  }

  return {
    async send(command, args) {
      try {
        return await trySending(command, args);
      } catch (error) {
        const isVague = error instanceof Error && notConnected.test(error.message);
        throw isVague ? (failure ?? error) : error;
      }
    },
    onChange(changed) {
      events.on("ready", changed).on("close", changed);
      return () => void events.off("ready", changed).off("close", changed);
    },
    close() {
      isClosed = true;
      client.disconnect();
    },
  };
}

async function within<Result>(
  limitMs: number,
  work: Promise<Result>,
  otherwise: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
