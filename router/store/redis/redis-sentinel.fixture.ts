import { setTimeout as delay } from "node:timers/promises";
import { type RedisProcess, startRedis } from "./redis.fixture.ts";

/** Two servers, one of them a replica, and three sentinels that watch them. */
export interface SentinelTrio extends AsyncDisposable {
  /** As the store takes it. */
  readonly url: string;
  readonly servers: readonly [first: RedisProcess, second: RedisProcess];
  readonly sentinels: readonly RedisProcess[];
}

const name = "main";

/** Resolves when the sentinels know each other and the replica. The first server is the master. */
export async function startSentinelTrio(config: readonly string[] = []): Promise<SentinelTrio> {
  const first = await startRedis({ config });
  const replicating = ["repl-diskless-sync-delay 0", `replicaof 127.0.0.1 ${first.port}`];
  const second = await startRedis({ config: [...config, ...replicating] });
  await until(async () =>
    String(await second.ask("INFO", "replication")).includes("link_status:up"),
  );
  const watching = [
    `sentinel monitor ${name} 127.0.0.1 ${first.port} 2`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 2000`,
  ];
  const sentinels = await Promise.all(
    [0, 1, 2].map(() => startRedis({ config: watching, isSentinel: true })),
  );
  for (const sentinel of sentinels) await until(() => knowsAll(sentinel));
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`);
  return {
    url: `redis+sentinel://${hosts.join(",")}/${name}`,
    servers: [first, second],
    sentinels,
    async [Symbol.asyncDispose]() {
      for (const one of [...sentinels, first, second]) await one[Symbol.asyncDispose]();
    },
  };
}

async function knowsAll(sentinel: RedisProcess): Promise<boolean> {
  const others = (await sentinel.ask("SENTINEL", "SENTINELS", name)) as unknown[];
  const replicas = (await sentinel.ask("SENTINEL", "REPLICAS", name)) as unknown[];
  return others.length === 2 && replicas.length === 1;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
