import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The `crossfade` command in a process of its own. Disposing of it sends SIGTERM and waits for its end. */
export interface CrossfadeProcess extends AsyncDisposable {
  readonly pid: number;
  /** The first line from `from` on that fits; rejects when the process ends before. */
  logged(fits: (line: LogLine) => boolean, from?: number): Promise<LogLine>;
  readonly log: readonly LogLine[];
  signal(name: NodeJS.Signals): void;
  /** Settles when it is gone, whatever ended it. */
  readonly ended: Promise<void>;
}

export interface CrossfadeProcessOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  /** The verb and its flags. */
  readonly args: readonly string[];
  /** Of Node. */
  readonly nodeArgs?: readonly string[];
}

const stopMs = 30_000;

export function startCrossfade(options: CrossfadeProcessOptions): CrossfadeProcess {
  const { dir, args, nodeArgs = [] } = options;
  const entry = join(dir, "cli", "crossfade.js");
  const child = spawn(process.execPath, [...nodeArgs, entry, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = once(child, "exit").then(() => {
    process.removeListener("exit", end);
  });
  return {
    pid: child.pid!,
    ...readLog(child),
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: () => stopProcess(child, ended),
  };
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}

function readLog(child: ChildProcess & { readonly stderr: Readable }) {
  const log: LogLine[] = [];
  const news = new EventTarget();
  let ended = false;
  const tell = () => news.dispatchEvent(new Event("line"));
  const lines = createInterface(child.stderr);
  lines.on("line", (text) => {
    log.push(parse(text));
    tell();
  });
  lines.on("close", () => {
    ended = true;
    tell();
  });
  const logged = async (fits: (line: LogLine) => boolean, from = 0) => {
    for (;;) {
      const found = log.slice(from).find(fits);
      if (found !== undefined) return found;
      if (ended) throw new Error(`the process ended; it said last:\n${lastOf(log)}`);
      await once(news, "line");
    }
  };
  return { log, logged };
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: "error", message: text };
  }
}

function lastOf(log: readonly LogLine[]): string {
  return log
    .slice(-5)
    .map((line) => JSON.stringify(line))
    .join("\n");
}
