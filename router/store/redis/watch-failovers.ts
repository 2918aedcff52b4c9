import type { Redis } from "ioredis";
import { backoffMs, type ConnectOptions } from "./client-options.ts";
import type { Library } from "./connect.ts";

const channel = "+switch-master";

/**
 * Leaves a server when sentinels have made another one the master. It need not be gone: cut off from the others it would
 * go on taking writes, which are lost when it comes back. ioredis can watch by itself, and then prints to the console
 * whenever a sentinel is away.
 */
export function watchFailovers({ Redis }: Library, client: Redis, options: ConnectOptions) {
  const { kind, hosts, master, isTls } = options.address;
  const { sentinelPassword, tls, timeoutMs } = options;
  let isOutdated = false;
  // While it looks for the master it must not be disturbed: ioredis would give up for good.
  const leave = () => {
    isOutdated = client.status !== "ready";
    if (!isOutdated) client.disconnect(true);
  };
  client.on("ready", () => {
    if (isOutdated) leave();
  });
  const watching = (kind === "sentinel" ? hosts : []).map((host) => {
    const sentinel = new Redis({
      ...host,
      ...(sentinelPassword !== undefined && { password: sentinelPassword }),
      ...(isTls && { tls: { ...tls } }),
      replyMapping: "legacy",
      enableReadyCheck: false,
      connectTimeout: timeoutMs,
      keepAlive: timeoutMs,
      retryStrategy: (attempt) => 10 * backoffMs(attempt),
    });
    // What is wrong with a sentinel the others make up for.
    sentinel.on("error", () => {});
    sentinel.on("message", (_, message) => {
      if (message.startsWith(`${master} `)) leave();
    });
    sentinel.subscribe(channel).catch(() => {});
    return sentinel;
  });
  return {
    close(): void {
      for (const sentinel of watching) sentinel.disconnect();
    },
  };
}
