import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../server/config/read-config.ts";
import { serveSchema, type ServeConfig } from "../server/config/serve-schema.ts";
import { createLoad } from "../server/load-model.ts";
import { loadSettings } from "../server/load-settings.ts";
import { createLog } from "../server/log/log.ts";
import { startServe, type Serving } from "../server/serve.ts";
import { openChannel } from "../transport/open.ts";
import type { Channel } from "../transport/transport.ts";

export interface OpenServer extends AsyncDisposable {
  readonly serving: Serving;
  readonly channel: Channel;
  /** Every line that was logged, as JSON. */
  readonly logged: readonly string[];
}

const freePorts = ["--http-port", "0", "--metrics-port", "0"];

/** So that what is tested does not depend on how busy the machine is. */
export const patience = ["--default-deadline-ms", "20s", "--default-batch-deadline-ms", "20s"];

/** The whole server, as `crossfade serve ARGS` would start it, on free ports but for a --port that is given. */
export async function openServer(args: readonly string[]): Promise<OpenServer> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const config = configOf([...port, ...freePorts, ...patience, ...args]);
  const logged: string[] = [];
  const log = createLog({ level: "info", isPretty: false, write: (line) => logged.push(line) });
  const serving = await startServe(config, { log, load: createLoad(loadSettings(config, log)) });
  await serving.started;
  const channel = openChannel(serving.address);
  return {
    serving,
    channel,
    logged,
    async [Symbol.asyncDispose]() {
      channel.close();
      await serving.close();
    },
  };
}

function configOf(args: readonly string[]): ServeConfig {
  const result = readConfig(serveSchema, { args, env: {}, readFile: () => "" });
  if ("config" in result) return result.config;
  throw new Error(result.problems.join("\n"));
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

export async function openFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "crossfade-e2e-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
