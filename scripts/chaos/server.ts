import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type CrossfadeProcess,
  type LogLine,
  startCrossfade,
} from "../bench/live/crossfade-process.ts";
import { freePort } from "./free-port.ts";

/** `crossfade serve` at an address of its own, where it comes back after whatever befell it. */
export interface Server extends AsyncDisposable {
  readonly address: string;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
  /** As an orchestrator does it: SIGTERM; resolves when it has drained and is gone. */
  stop(): Promise<void>;
  /** Resolves when its models are loaded. */
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  loaded(version: string): Promise<void>;
  unloaded(version: string): Promise<void>;
}

export interface ServerOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  /** The folder that it follows. */
  readonly models: string;
  /** What is in there at the start. */
  readonly versions: readonly string[];
}

const flags = Object.entries({
  "http-port": "off",
  "metrics-port": "off",
  "poll-ms": "200",
  "keep-versions": "3",
  variant: "qint8",
  workers: "1",
  "intra-op-threads": "1",
}).map(([name, value]) => `--${name}=${value}`);

export async function openServer({ dir, models, versions }: ServerOptions): Promise<Server> {
  const port = await freePort();
  const args = ["serve", "--models", models, "--port", `${port}`, ...flags];
  let process: CrossfadeProcess;
  const heard = async (message: string, version: string) =>
    void (await process.logged((line) => says(line, message, version)));
  const start = async () => {
    process = startCrossfade({ dir, args });
    await Promise.all(versions.map((version) => heard("model loaded", version)));
  };
  const end = (signal: NodeJS.Signals) => {
    process.signal(signal);
    return process.ended;
  };
  await start();
  return {
    address: `127.0.0.1:${port}`,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    start,
    freeze: () => process.signal("SIGSTOP"),
    thaw: () => process.signal("SIGCONT"),
    loaded: (version) => heard("model loaded", version),
    unloaded: (version) => heard("model unloaded", version),
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

function says(line: LogLine, message: string, version: string): boolean {
  return line.message === message && line["version"] === version;
}

export function removeVersion(models: string, version: string): Promise<void> {
  return rm(join(models, version), { recursive: true });
}
