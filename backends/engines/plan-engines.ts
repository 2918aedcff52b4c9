import type { Machine } from "./machine.ts";
import { type ProviderName, providers } from "./provider.ts";

export interface PlanRequest {
  readonly machine: Machine;
  readonly provider: ProviderName;
  /** What one session reads: the variant's graph and weights. */
  readonly variantBytes: number;
  /** Versions of the model that share the memory; during a swap the new one is among them. Default 2. */
  readonly versionsAtOnce?: number;
  /** For the sessions of all these versions. Default: the machine's memory, less what the process needs itself. */
  readonly budgetBytes?: number;
  /** What other versions have of it already. Default 0. */
  readonly takenBytes?: number;
}

export interface EnginePlan {
  readonly workers: number;
  readonly intraOpThreads: number;
  /** What keeps it from more workers. */
  readonly limitedBy: "cores" | "memory" | "provider";
  /** Of all the workers, once loaded. */
  readonly memoryBytes: number;
  /** False: not even one worker per version is sure to fit. */
  readonly fits: boolean;
}

/** The process itself: code, heap, buffers, runtime libraries. */
const baseBytes = 350 * 1024 * 1024;
/** A session's memory to its variant's bytes: prepacked copies of weights, and intermediates. */
const sessionFactor = 1.8;

/** One core for I/O, the others for sessions of one thread each, which scale best; cores left over become their threads. */
export function planEngines(request: PlanRequest): EnginePlan {
  const { machine, provider, variantBytes, versionsAtOnce = 2 } = request;
  const { budgetBytes = machine.memoryBytes - baseBytes, takenBytes = 0 } = request;
  const leftBytes = budgetBytes - takenBytes;
  const cores = Math.max(1, Math.floor(Math.min(machine.cpus, machine.cpuQuota ?? Infinity)));
  const { maxWorkers, hasThreads } = providers[provider];
  const sessionBytes = sessionFactor * variantBytes;
  const most = {
    cores: Math.max(1, cores - 1),
    memory: Math.max(0, Math.floor(leftBytes / versionsAtOnce / sessionBytes)),
    provider: maxWorkers,
  };
  const workers = Math.max(1, Math.min(most.cores, most.memory, most.provider));
  return {
    workers,
    intraOpThreads: hasThreads ? Math.floor(most.cores / workers) : 1,
    limitedBy:
      most.memory < Math.min(most.cores, most.provider)
        ? "memory"
        : most.provider < most.cores
          ? "provider"
          : "cores",
    memoryBytes: workers * sessionBytes,
    fits: most.memory >= 1,
  };
}
