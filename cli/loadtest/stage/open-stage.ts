import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StageNeeds } from "../../../loadtest/scenarios/scenario.ts";
import type { Stage } from "../../../loadtest/scenarios/stage.ts";
import { startTcpProxy } from "../../../transport/tcp-proxy.ts";
import { stageModel, type StageBundles } from "./bundles.ts";
import { createStack } from "./create-stack.ts";
import { readVitals } from "./read-vitals.ts";
import { setWeight } from "./set-weight.ts";
import { startProcess, type StageProcess } from "./start-process.ts";
import { waitForVersion } from "./wait-for-version.ts";

export type OpenStage = Stage & AsyncDisposable;

const distribution = {
  format: 1,
  model: stageModel,
  revision: 1,
  salt: "scenario",
  arms: [
    { name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] },
    { name: "canary", version: "2", weight: 0, ranges: [] },
  ],
};
const freePorts = ["--port", "0", "--metrics-port", "0"];
/** Versions are found as soon as they arrive. */
const watchful = ["--poll-ms", "200ms"];

/** Starts real servers, and what else a scenario needs, on this machine; all of it is gone when it is disposed of. */
export async function openStage(
  needs: StageNeeds,
  bundles: StageBundles,
  signal: AbortSignal,
): Promise<OpenStage> {
  const stack = createStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), "crossfade-scenario-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const models = join(folder, "models");
    for (const version of needs.versions) {
      const dir = join(models, stageModel, version);
      await cp(bundles.of(version), dir, { recursive: true });
    }
    const limit =
      needs.maxInFlight === undefined ? [] : ["--max-in-flight-calls", `${needs.maxInFlight}`];
    const ports = [...bundles.flags, ...freePorts, "--http-port", "off"];
    const serve = ["serve", "--models", models, ...ports, ...watchful, ...limit];
    const servers = await Promise.all(
      Array.from({ length: needs.servers }, async () =>
        stack.use(await startProcess(serve, signal)),
      ),
    );
    const proxy = needs.servers > 1 ? stack.use(await openProxy(servers[0]!)) : undefined;
    const addresses = servers.map((server, at) => (at === 0 && proxy ? proxy : server).address);
    const router = needs.hasRouter
      ? stack.use(await startRouter(addresses, folder, signal))
      : undefined;
    const front = router ?? servers[0]!;
    const processes = [...servers, ...(router ? [router] : [])];
    return {
      target: front.address,
      weigh: (canary) => setWeight(router!.adminPort!, stageModel, canary),
      async deploy() {
        const arriving = join(folder, "arriving");
        await cp(bundles.of("2"), arriving, { recursive: true });
        await rename(arriving, join(models, stageModel, "2"));
        await waitForVersion(front.address, { model: stageModel, version: "2", signal });
      },
      slow: (delayMs) => proxy!.set({ delayMs }),
      vitals: async () => readVitals(await Promise.all(processes.map((one) => one.metrics()))),
      [Symbol.asyncDispose]: () => stack.dispose(),
    };
  } catch (error) {
    await stack.dispose();
    throw error;
  }
}

function openProxy({ address }: StageProcess) {
  return startTcpProxy({ port: Number(address.split(":").at(-1)) });
}

async function startRouter(
  servers: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<StageProcess> {
  const file = join(folder, "distributions.json");
  const state = join(folder, "state");
  await mkdir(state, { recursive: true });
  await writeFile(file, JSON.stringify(distribution));
  const admin = ["--admin-port", "0", "--admin-http-port", "off", "--http-port", "off"];
  const route = ["route", "--servers", servers.join(","), "--state", state];
  return startProcess([...route, "--distributions", file, ...freePorts, ...admin], signal);
}
