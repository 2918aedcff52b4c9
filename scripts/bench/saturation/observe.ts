import { startGenerator } from "../live/generator.ts";
import { watchMachine } from "../live/machine-load.ts";
import type { Load, LoadReport, Percentiles } from "../live/load.ts";
import { cpuTimes, type Memory, memoryOf, ownCpuMs } from "../live/process-figures.ts";
import {
  batchPath,
  batchRequest,
  batchRows,
  recommendPath,
  unaryRequests,
} from "../live/requests.ts";
import { type MemorySample, sampleMemory } from "../live/sample-memory.ts";
import { startServerProcess } from "../live/server-process.ts";

export interface SaturationOptions {
  /** Of the models. */
  readonly root: string;
  /** Of the compiled server. */
  readonly dir: string;
  readonly variant: string;
  readonly seconds: number;
  readonly items: number;
  readonly users: number;
  readonly dims: number;
  readonly workers: number;
  readonly streams: number;
  readonly batches: number;
}

export interface LoadFigures {
  readonly name: string;
  readonly perSecond: number;
  /** Goodput: users who got recommendations. */
  readonly answeredPerSecond: number;
  readonly latencies: Percentiles;
  /** Users by status. */
  readonly codes: Readonly<Record<string, number>>;
}

export interface Observed {
  readonly samples: readonly MemorySample[];
  readonly idle: Memory;
  readonly loads: readonly LoadFigures[];
  /** Users whose status was not OK. */
  readonly refused: number;
  readonly serverCores: number;
  readonly generatorCores: number;
  /** How busy the machine was. */
  readonly machine: string;
  readonly figures: object;
}

const sampleMs = 250;

/** A server process under both kinds of calls at once, each closed loop with more in flight than the server takes. */
export async function observe(options: SaturationOptions): Promise<Observed> {
  const { root, dir, variant, workers } = options;
  const args = ["--models", root, "--variant", variant, "--workers", `${workers}`];
  await using server = await startServerProcess({
    dir,
    args: [...args, "--intra-op-threads", "1"],
  });
  await using generator = startGenerator(dir);
  const idle = memoryOf(server.pid);
  const machine = watchMachine(() => ownCpuMs() + generator.cpuMs() + cpuTimes(server.pid).allMs);
  const before = { server: cpuTimes(server.pid).allMs, generator: generator.cpuMs() };
  const sampling = sampleMemory(server.pid, sampleMs);
  const reports = await generator.run(...loadsOf(options, server.address));
  sampling.stop();
  const tookMs = Math.max(...reports.map((report) => report.tookMs));
  const loads = reports.map((report, i) => figuresOf(["Recommend", "BatchRecommend"][i]!, report));
  const serverCores = (cpuTimes(server.pid).allMs - before.server) / tookMs;
  const generatorCores = (generator.cpuMs() - before.generator) / tookMs;
  const refused = reports.reduce(
    (sum, { rows, codes }) => sum + failuresIn(rows) + failuresIn(codes),
    0,
  );
  const figures = { loads, serverCores, generatorCores };
  const { samples } = sampling;
  return {
    samples,
    idle,
    loads,
    refused,
    serverCores,
    generatorCores,
    machine: machine.describe(),
    figures,
  };
}

function loadsOf(options: SaturationOptions, address: string): Load[] {
  const forMs = 1_000 * options.seconds;
  const batches = [1, 2, 3].map((seed) =>
    batchRequest(batchRows(options, { users: 1_000, candidates: 75 }, seed)),
  );
  return [
    {
      address,
      path: recommendPath,
      requests: unaryRequests(options, 1_000),
      connections: 4,
      pace: { kind: "closed", streams: options.streams, forMs },
    },
    {
      address,
      path: batchPath,
      requests: batches,
      connections: 1,
      isBatch: true,
      pace: { kind: "closed", streams: options.batches, forMs },
    },
  ];
}

function figuresOf(
  name: string,
  { calls, codes, rows, tookMs, latencies }: LoadReport,
): LoadFigures {
  return {
    name,
    perSecond: (1_000 * calls) / tookMs,
    answeredPerSecond: (1_000 * (rows["OK"] ?? 0)) / tookMs,
    latencies,
    codes: { ...codes, ...rows },
  };
}

function failuresIn(codes: Readonly<Record<string, number>>): number {
  const counts = Object.entries(codes).filter(([code]) => code !== "OK");
  return counts.reduce((sum, [, count]) => sum + count, 0);
}
