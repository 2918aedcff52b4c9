import type { RedisOptions } from "ioredis";
import type { RedisSettings } from "./redis-settings.ts";

export type ConnectOptions = Pick<
  RedisSettings,
  "address" | "password" | "sentinelPassword" | "tls"
> & { readonly timeoutMs: number };

const maxBackoffMs = 500;

/** Short: nobody else asks the server that often, and changes wait for it. */
export function backoffMs(attempt: number): number {
  return Math.min(maxBackoffMs, 25 * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * Math.random());
}

type PlainOptions = Omit<RedisOptions, "replyMapping"> & { readonly replyMapping: "legacy" };

export function commonOptions({ address, password, tls, timeoutMs }: ConnectOptions): PlainOptions {
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

/** Which server, or who knows which. */
export function serverOptions(options: ConnectOptions): Omit<RedisOptions, "replyMapping"> {
  const { address, sentinelPassword, tls, timeoutMs } = options;
  const { kind, hosts, db, master, isTls } = address;
  if (kind !== "sentinel") return { ...hosts[0]!, db };
  return {
    sentinels: [...hosts],
    name: master!,
    db,
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    // For the sentinels and for those whom they watch.
    ...(isTls && { sentinelTLS: { ...tls }, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: timeoutMs,
  };
}
