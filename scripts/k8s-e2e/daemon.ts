import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** A program that runs until it is disposed of. */
export interface Daemon extends AsyncDisposable {
  readonly name: string;
  isRunning(): boolean;
  /** What it said last. */
  lastWords(): Promise<string>;
}

export interface DaemonOptions {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** The file that gets what it says. */
  readonly log: string;
}

const graceMs = 15_000;

export function startDaemon({ name, file, args, log }: DaemonOptions): Daemon {
  const out = openSync(log, "a");
  const child = spawn(file, args, { stdio: ["ignore", out, out] });
  closeSync(out);
  const exited = once(child, "exit").catch(() => undefined);
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    name,
    isRunning,
    async lastWords() {
      const said = await readFile(log, "utf8").catch(() => "");
      return said.trimEnd().split("\n").slice(-15).join("\n");
    },
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(end, graceMs);
      if (isRunning()) child.kill("SIGTERM");
      if (child.pid !== undefined) await exited;
      clearTimeout(timer);
      process.removeListener("exit", end);
    },
  };
}
