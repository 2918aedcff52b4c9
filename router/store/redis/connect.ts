import type { EventEmitter } from "node:events";
import type * as ioredis from "ioredis";
import type { Cluster, Redis, RedisOptions } from "ioredis";
import { ServingError } from "../../../proto/serving-error.ts";
import type { RedisSettings } from "./redis-settings.ts";

/** The only file that knows ioredis. */

/** A connection that reads and writes. Every command settles within a time limit; none is sent twice. */
export interface Connection {
  send(command: string, args: readonly (string | number)[]): Promise<unknown>;
  /** Calls back when commands can be sent (again), and when they cannot any more. */
  onChange(changed: () => void): () => void;
  close(): void;
}

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

export interface Connections {
  readonly connection: Connection;
  /** Connects to the server that may write, or to any of a cluster, which hands messages on to all. */
  listen(events: ListenerEvents): Listener;
}

type Library = Pick<typeof ioredis, "Redis" | "Cluster">;
type Client = Redis | Cluster;
type Options = Pick<RedisSettings, "address" | "password" | "sentinelPassword" | "tls"> & {
  readonly timeoutMs: number;
};

/** Connects in the background: what cannot be reached is told by what is sent. */
export async function openConnections(options: Options): Promise<Connections> {
  const library = await loadLibrary();
  const client = openClient(library, options);
  return {
    connection: overClient(client, options.timeoutMs),
    listen: (events) => overListener(openListener(library, client, options), events),
  };
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import("ioredis");
  } catch (cause) {
    throw new ServingError(
      "FAILED_PRECONDITION",
      'a store in Redis needs the package ioredis: "npm install ioredis"',
      { cause },
    );
  }
}

function openClient({ Redis, Cluster }: Library, options: Options): Client {
  const { address, timeoutMs } = options;
  if (address.kind !== "cluster")
    return new Redis({
      ...commonOptions(options),
      ...serverOptions(options),
      retryStrategy: backoffMs,
      sentinelRetryStrategy: backoffMs,
    });
  return new Cluster([...address.hosts], {
    redisOptions: commonOptions(options),
    enableOfflineQueue: false,
    clusterRetryStrategy: backoffMs,
    slotsRefreshTimeout: timeoutMs,
    slotsRefreshInterval: slotsRefreshMs,
  });
}

/** Of a cluster any node will do: what is published on one is told by all. */
function openListener({ Redis }: Library, client: Client, options: Options): Redis {
  const node = client.isCluster ? sample((client as Cluster).nodes("master")) : undefined;
  return new Redis({
    ...commonOptions(options),
    ...serverOptions(options),
    ...(node !== undefined && { host: node.options.host!, port: node.options.port! }),
    lazyConnect: true,
    retryStrategy: null,
    sentinelRetryStrategy: () => null,
  });
}

function sample<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

const slotsRefreshMs = 2_000;
const maxBackoffMs = 500;

/** Short: nobody else asks the server that often, and changes wait for it. */
export function backoffMs(attempt: number): number {
  return Math.min(maxBackoffMs, 25 * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * Math.random());
}

type PlainOptions = Omit<RedisOptions, "replyMapping"> & { readonly replyMapping: "legacy" };

function commonOptions({ address, password, tls, timeoutMs }: Options): PlainOptions {
  return {
    // Of whatever version the server is, replies look the same.
    replyMapping: "legacy",
    connectionName: "crossfade",
    ...(address.username !== undefined && { username: address.username }),
    ...(password !== undefined && { password }),
    ...(address.isTls && { tls: { ...tls } }),
    // A connection without an answer is given up, with all that waits: a dead one looks just like that. A command that
    // waits while others are answered is given up alone, and later, so that none is sent on what is about to end.
    socketTimeout: timeoutMs,
    commandTimeout: 1.2 * timeoutMs,
    connectTimeout: timeoutMs,
    keepAlive: timeoutMs,
    // Nothing waits for better times, and nothing is sent again by itself.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    // The server became a replica: another one has its place.
    reconnectOnError: ({ message }) => message.startsWith("READONLY"),
  };
}

function serverOptions(options: Options): Omit<RedisOptions, "replyMapping"> {
  const { address, sentinelPassword, tls, timeoutMs } = options;
  const { kind, hosts, db, master, isTls } = address;
  if (kind !== "sentinel") return { ...hosts[0]!, db };
  return {
    sentinels: [...hosts],
    name: master!,
    db,
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(isTls && { sentinelTLS: { ...tls }, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: timeoutMs,
    // Sentinels tell of a new master before the old one is seen to be gone.
    failoverDetector: true,
  };
}

/** The connection had just been lost. */
const notSent = /isn't writeable|isn't ready/;
/** What is said instead of why. */
const notConnected =
  /isn't writeable|isn't ready|Connection is closed|max retries per request|was not reached/;

function overClient(client: Client, timeoutMs: number): Connection {
  const events: EventEmitter = client;
  let failure: unknown;
  const note = (error: unknown) => (failure = error);
  events.on("error", note).on("node error", note);
  events.on("ready", () => (failure = undefined));

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

  async function trySending(command: string, args: readonly (string | number)[], isAgain = false) {
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
    close: () => client.disconnect(),
  };
}

function overListener(redis: Redis, { onMessage, onEnd }: ListenerEvents): Listener {
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
