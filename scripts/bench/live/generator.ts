import { forkProcess } from "./fork-process.ts";
import type { GeneratorOrder, GeneratorReports } from "./generator-process.ts";
import type { Load, LoadReport } from "./load.ts";
import { cpuTimes } from "./process-figures.ts";

/** Sends load from a process of its own, so that its work is none of the bench's. */
export interface Generator extends AsyncDisposable {
  /** Of the generator; it should have time to spare. */
  cpuMs(): number;
  run(...loads: readonly Load[]): Promise<readonly LoadReport[]>;
  /** Loads under way send nothing more. */
  stop(): void;
}

/** @param dir Of the compiled server, whose transport is the client's too. */
export function startGenerator(dir: string): Generator {
  const forked = forkProcess(new URL("generator-process.ts", import.meta.url));
  return {
    cpuMs: () => cpuTimes(forked.pid).allMs,
    async run(...loads) {
      forked.send({ dir, loads } satisfies GeneratorOrder);
      return (await forked.next()) as GeneratorReports;
    },
    stop: () => forked.send("stop"),
    [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
  };
}
