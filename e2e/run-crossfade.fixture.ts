import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A `crossfade` process, as a person would start it. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Its log so far, a JSON object a line. */
  readonly log: readonly string[];
  /** The first line that has this message. */
  logged(message: string): Promise<Readonly<Record<string, unknown>>>;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

export function runCrossfade(args: readonly string[]): Running {
  const cwd = new URL("..", import.meta.url);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/crossfade.ts", ...args], {
    cwd,
    stdio: ["ignore", "inherit", "pipe"],
  });
  const log: string[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stderr).on("line", (line) => {
    log.push(line);
    for (const look of waiting) look();
  });
  const exited = once(child, "close").then(([code]) => {
    for (const look of waiting) look();
    return code as number | null;
  });
  return {
    child,
    log,
    exited,
    logged: (message) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = log.find((one) => one.includes(`"message":"${message}"`));
          if (line !== undefined) resolve(JSON.parse(line) as Record<string, unknown>);
          else if (child.exitCode === null) return;
          else reject(new Error(`it ended without saying "${message}":\n${log.join("\n")}`));
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exited;
    },
  };
}
