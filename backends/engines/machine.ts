import { availableParallelism, totalmem } from "node:os";
import { type CgroupLimits, readCgroup } from "./cgroup.ts";

/** What this process may use. */
export interface Machine {
  /** CPUs that it may run on. */
  readonly cpus: number;
  /** CPUs' worth of time that it gets on them, when it is limited. */
  readonly cpuQuota?: number;
  readonly memoryBytes: number;
}

export function readMachine(limits: CgroupLimits = readCgroup()): Machine {
  return {
    cpus: availableParallelism(),
    ...(limits.cpus !== undefined && { cpuQuota: limits.cpus }),
    memoryBytes: Math.min(totalmem(), limits.memoryBytes ?? Infinity),
  };
}
