import { spawn } from "node:child_process";
import { once } from "node:events";
import { getPriority, setPriority } from "node:os";
import { createInterface } from "node:readline";

/** A process of this same command, on free ports, which is up. */
export interface StageProcess extends AsyncDisposable {
  readonly address: string;
  readonly adminPort: number | undefined;
  /** Its page of Prometheus metrics. */
  metrics(): Promise<string>;
}

/** The generator shares the machine with what it measures, and must come first: else it is the one that is late. */
const niceness = 5;
const readyMs = 30_000;
const keptLines = 3;
const lookMs = 100;
const endMs = 5_000;

/** Rejects with what it logged last, when it does not come up. */
export async function startProcess(
  args: readonly string[],
  signal: AbortSignal,
): Promise<StageProcess> {
  const command = [...process.execArgv, process.argv[1]!, ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"] });
  const last: string[] = [];
  const ended = once(child, "close");
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  const listening = new Promise<Listening>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      last.push(line);
      if (last.length > keptLines) last.shift();
      const told = readLine(line);
      if (told?.message === "listening") resolve(told as Listening);
    });
    ended.then(() => reject(failed("did not start")), reject);
  });

  const failed = (how: string) => new Error(`crossfade ${args[0]} ${how}:\n${last.join("\n")}`);

  async function end(): Promise<void> {
    if (isEnded) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), endMs);
    await ended;
    clearTimeout(timer);
  }

  try {
    if (child.pid !== undefined) setPriority(child.pid, Math.min(19, getPriority() + niceness));
    const { grpc, metricsPort, adminPort } = await listening;
    const page = (path: string) => fetch(`http://127.0.0.1:${metricsPort}${path}`);
    const untilMs = performance.now() + readyMs;
    while (!(await page("/readyz")).ok) {
      if (isEnded || performance.now() > untilMs) throw failed("is not ready");
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return {
      address: grpc,
      adminPort,
      metrics: async () => (await page("/metrics")).text(),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

interface Listening {
  readonly message: string;
  readonly grpc: string;
  readonly metricsPort: number;
  readonly adminPort?: number;
}

function readLine(line: string): Partial<Listening> | undefined {
  try {
    return JSON.parse(line) as Partial<Listening>;
  } catch {
    return undefined;
  }
}
