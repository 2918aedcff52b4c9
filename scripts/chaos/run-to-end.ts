import { execFile } from "node:child_process";
import { join } from "node:path";

/** What became of a command. */
export interface Ended {
  readonly exitCode: number;
  /** Standard output, and then what it told people. */
  readonly said: string;
}

const timeout = 60_000;

/** The compiled `crossfade` command. */
export function runToEnd(dir: string, args: readonly string[]): Promise<Ended> {
  const entry = join(dir, "cli", "crossfade.js");
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, ...args], { timeout }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ exitCode, said: `${stdout}${stderr}` });
    });
  });
}
