import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.fixture.ts";
import { type RedisProcess, startRedis } from "./redis.fixture.ts";

/** Two servers, one of them a replica, and three sentinels that watch them. */
export interface SentinelTrio extends AsyncDisposable {
  /** As the store takes it. */
  readonly url: string;
  readonly servers: readonly [first: RedisProcess, second: RedisProcess];
  readonly sentinels: readonly RedisProcess[];
}

const name = "main";

/** The first server is the master. */
export async function startSentinelTrio(): Promise<SentinelTrio> {
  // Else the first copy waits for other replicas.
  const config = ["repl-diskless-sync-delay 0"];
  const first = await startRedis({ config });
  const second = await startRedis({ config: [...config, `replicaof 127.0.0.1 ${first.port}`] });
  await until(async () =>
    String(await second.ask("INFO", "replication")).includes("link_status:up"),
  );
  const sentinels = await startSentinels(first.port, second.port);
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

interface Sentinel {
  readonly port: number;
  readonly id: string;
}

/** Each is told of the others: they would need seconds to find them. */
async function startSentinels(master: number, replica: number): Promise<readonly RedisProcess[]> {
  const all = await Promise.all(
    [1, 2, 3].map(async (n): Promise<Sentinel> => ({
      port: await freePort(),
      id: `${n}`.repeat(40),
    })),
  );
  return Promise.all(
    all.map(({ port, id }) => {
      const others = all.filter((other) => other.id !== id);
      const config = [
        `sentinel myid ${id}`,
        `sentinel monitor ${name} 127.0.0.1 ${master} 2`,
        `sentinel down-after-milliseconds ${name} 500`,
        `sentinel failover-timeout ${name} 2000`,
        `sentinel known-replica ${name} 127.0.0.1 ${replica}`,
        ...others.map(
          (other) => `sentinel known-sentinel ${name} 127.0.0.1 ${other.port} ${other.id}`,
        ),
      ];
      return startRedis({ config, port, isSentinel: true });
    }),
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
