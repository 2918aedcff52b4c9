import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "../../../models/bundle/bundle.ts";
import { benchModel, reversion } from "../live/bench-bundle.ts";
import { startGenerator } from "../live/generator.ts";
import { watchMachine } from "../live/machine-load.ts";
import type { LoadReport } from "../live/load.ts";
import { cpuTimes, type Memory, memoryOf, ownCpuMs } from "../live/process-figures.ts";
import { recommendPath, unaryRequests } from "../live/requests.ts";
import { type ServerProcess, startServerProcess } from "../live/server-process.ts";

export interface SwapOptions {
  /** The folder that the server follows. */
  readonly models: string;
  /** Of the compiled server. */
  readonly dir: string;
  /** What every version is made of. */
  readonly bundle: Bundle;
  readonly swaps: number;
  readonly rate: number;
  readonly deadline: number;
  readonly items: number;
  readonly users: number;
  readonly dims: number;
}

export interface Swapped {
  /** After each swap. */
  readonly memory: readonly Memory[];
  /** From a version's arrival to its predecessor being gone. */
  readonly swapMs: readonly number[];
  readonly load: LoadReport;
  readonly idle: Memory;
  readonly serverCores: number;
  readonly generatorCores: number;
  /** How busy the machine was. */
  readonly machine: string;
}

/** Read often: waiting for the next look is no part of a swap. */
const pollMs = 50;
/** Of heavy load before the first swap: until then the young heap is still growing to its size, which is no leak. */
const warmUpMs = 5_000;

export async function swapUnderLoad(options: SwapOptions): Promise<Swapped> {
  const { models, bundle, dir, swaps, rate, deadline } = options;
  await reversion(bundle, join(models, benchModel, "1"), "1");
  const args = ["--models", models, "--poll-ms", `${pollMs}`, "--variant", "qint8"];
  await using server = await startServerProcess({
    dir,
    args: [...args, "--workers", "1", "--intra-op-threads", "1"],
  });
  await using generator = startGenerator(dir);
  const calls = {
    address: server.address,
    path: recommendPath,
    requests: unaryRequests(options, 1_000),
    connections: 4,
    deadlineMs: deadline,
  };
  await generator.run({ ...calls, pace: { kind: "closed", streams: 64, forMs: warmUpMs } });
  const idle = memoryOf(server.pid);
  const machine = watchMachine(() => ownCpuMs() + generator.cpuMs() + cpuTimes(server.pid).allMs);
  const before = { server: cpuTimes(server.pid).allMs, generator: generator.cpuMs() };
  const reported = generator.run({ ...calls, pace: { kind: "open", perSecond: rate } });
  const memory: Memory[] = [];
  const swapMs: number[] = [];
  for (let version = 2; version <= swaps + 1; version++) {
    const startedMs = performance.now();
    await swap(server, options, version);
    swapMs.push(performance.now() - startedMs);
    memory.push(memoryOf(server.pid));
  }
  generator.stop();
  const [load] = await reported;
  return {
    memory,
    swapMs,
    load: load!,
    idle,
    serverCores: (cpuTimes(server.pid).allMs - before.server) / load!.tookMs,
    generatorCores: (generator.cpuMs() - before.generator) / load!.tookMs,
    machine: machine.describe(),
  };
}

/** The new version arrives by rename; when it is served, the one before leaves. */
async function swap(server: ServerProcess, { models, bundle }: SwapOptions, version: number) {
  const from = server.log.length;
  const heard = (message: string, which: number) =>
    server.logged((line) => {
      if (line.level === "error") throw new Error(`the server said: ${JSON.stringify(line)}`);
      return line.message === message && line["version"] === String(which);
    }, from);
  const folder = (which: number) => join(models, benchModel, String(which));
  await reversion(bundle, folder(version), String(version));
  await heard("model loaded", version);
  await rm(folder(version - 1), { recursive: true });
  await heard("model unloaded", version - 1);
}
