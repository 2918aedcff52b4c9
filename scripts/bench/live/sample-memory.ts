import { type Memory, memoryOf } from "./process-figures.ts";

export interface MemorySample extends Memory {
  /** Since the sampling began. */
  readonly atMs: number;
}

export interface MemorySampling {
  readonly samples: readonly MemorySample[];
  stop(): void;
}

/** Looks at the memory of a process every so often, until it is told to stop. */
export function sampleMemory(pid: number, everyMs: number): MemorySampling {
  const startedMs = performance.now();
  const samples: MemorySample[] = [];
  const look = () => samples.push({ atMs: performance.now() - startedMs, ...memoryOf(pid) });
  look();
  const timer = setInterval(look, everyMs);
  return { samples, stop: () => clearInterval(timer) };
}
