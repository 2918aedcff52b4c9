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

/** `crossfade serve` in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly address: string;
  /** The next line from `from` on that fits; rejects when the process ends before. */
  logged(fits: (line: LogLine) => boolean, from?: number): Promise<LogLine>;
  readonly log: readonly LogLine[];
}

export interface ServerProcessOptions {
  /** Of the compiled server. */
  readonly dir: string;
  /** Of `crossfade serve`. */
  readonly args: readonly string[];
  /** Of Node. */
  readonly nodeArgs?: readonly string[];
}

const stopMs = 30_000;

/** Resolves when a model is loaded. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { dir, args, nodeArgs = [] } = options;
  const entry = join(dir, "cli", "crossfade.js");
  const own = ["--port", "0", "--http-port", "off", "--metrics-port", "off"];
  const child = spawn(process.execPath, [...nodeArgs, entry, "serve", ...own, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const { log, logged } = readLog(child);
  const stop = async () => {
    process.removeListener("exit", end);
    await stopProcess(child);
  };
  try {
    const { grpc } = await logged(({ message }) => message === "listening");
    await logged(({ message }) => message === "model loaded");
    return { pid: child.pid!, address: String(grpc), log, logged, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  child.kill("SIGTERM");
  await exited;
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
      if (ended) throw new Error(`the server ended; it said last:\n${lastOf(log)}`);
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
