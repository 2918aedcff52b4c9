import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Engine from "../../../loadtest/engine/run.ts";
import type { ClientLoad, Spent } from "./subject.ts";

/** From the parent: a load, and where the compiled sources are. */
export interface LoadTestOrder {
  readonly compiled: string;
  readonly load: ClientLoad;
}

/** To the parent. */
export type LoadTestReport = Spent;

/** Each run has a thread of its own, whose code is compiled anew. */
const warmUpMs = 1_000;

process.on("message", (order: LoadTestOrder) => void obey(order));
process.once("disconnect", () => process.exit());

async function obey({ compiled, load }: LoadTestOrder): Promise<void> {
  const file = pathToFileURL(join(compiled, "loadtest", "engine", "run.js")).href;
  const { run } = (await import(file)) as typeof Engine;
  const { connections, streams, forMs } = load;
  const { counts, generator } = await run({
    name: "bench",
    targets: [load.address],
    workload: {
      name: "bench",
      call: { transport: "grpc", path: load.path },
      requests: [load.request],
      metadata: {},
      replies: "recommend",
    },
    schedule: { kind: "closed", streams: connections * streams, forMs },
    seed: 1,
    warmUpMs,
    connections,
    streamsPerConnection: streams,
    deadlineMs: 10_000,
    workers: 1,
  });
  const { ok: calls, failed } = counts;
  process.send!({ calls, failed, cpuMs: generator.cpuMs } satisfies LoadTestReport);
}
