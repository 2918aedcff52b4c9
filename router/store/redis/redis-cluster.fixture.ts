import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.fixture.ts";
import { type RedisProcess, startRedis } from "./redis.fixture.ts";

/** Three masters without replicas, a third of the slots each. */
export interface RedisCluster extends AsyncDisposable {
  /** As the store takes it. */
  readonly url: string;
  readonly nodes: readonly RedisProcess[];
}

const slots = 16_384;
const nodeCount = 3;

/** Resolves when every node finds the cluster in order. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const busPorts = await Promise.all(Array.from({ length: nodeCount }, () => freePort()));
  const nodes = await Promise.all(
    busPorts.map((busPort) =>
      startRedis({
        config: ["cluster-enabled yes", `cluster-port ${busPort}`, "cluster-node-timeout 1000"],
      }),
    ),
  );
  for (const [i, node] of nodes.entries()) {
    const from = Math.ceil((slots * i) / nodeCount);
    const until = Math.ceil((slots * (i + 1)) / nodeCount);
    await node.ask("CLUSTER", "ADDSLOTSRANGE", `${from}`, `${until - 1}`);
    if (i > 0)
      await node.ask("CLUSTER", "MEET", "127.0.0.1", `${nodes[0]!.port}`, `${busPorts[0]!}`);
  }
  for (const node of nodes) {
    while (!(await isInOrder(node))) await delay(20);
  }
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
  return {
    url: `redis+cluster://${hosts.slice(0, 2).join(",")}`,
    nodes,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}

async function isInOrder(node: RedisProcess): Promise<boolean> {
  const info = String(await node.ask("CLUSTER", "INFO"));
  return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodeCount}`);
}
