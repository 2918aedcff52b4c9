import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Acknowledged } from "./file-store-process.ts";

/** A process that writes to a file store as fast as it can. */
export interface KilledWriter extends AsyncDisposable {
  begin(dir: string): void;
  /** Resolves after that many acknowledgements. Rejects when it ends by itself. */
  acknowledged(count: number): Promise<void>;
  /** kill -9. The newest revision that was acknowledged of each model. */
  kill(): Promise<ReadonlyMap<string, number>>;
}

/** Its process starts at once, so that it is there when the one before has died. */
export function startKilledWriter(): KilledWriter {
  const child = fork(new URL("file-store-process.ts", import.meta.url), {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const newest = new Map<string, number>();
  const acknowledged = { count: 0 };
  child.on("message", ({ model, revision }: Acknowledged) => {
    newest.set(model, revision);
    acknowledged.count++;
  });
  // What was acknowledged before it died still comes.
  const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  return {
    begin: (dir) => void child.send(dir),
    async acknowledged(count) {
      while (acknowledged.count < count) {
        if (child.exitCode !== null) throw new Error(`the writer ended with ${child.exitCode}`);
        await sleep(1);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
      return newest;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
