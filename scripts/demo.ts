import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createProgressBar } from "../cli/progress-bar.ts";
import { readConfig } from "../server/config/read-config.ts";
import { serveSchema, type ServeConfig } from "../server/config/serve-schema.ts";
import { createLoad } from "../server/load-model.ts";
import { loadSettings } from "../server/load-settings.ts";
import { createLog } from "../server/log/log.ts";
import { startServe, type Serving } from "../server/serve.ts";
import { stopOnSignals } from "../server/stop-on-signals.ts";
import { openChannel } from "../transport/open.ts";
import { buildPlaylistsBundle } from "./demo/playlists-bundle.ts";
import { showCalls } from "./demo/show-calls.ts";
import { createWorld, listenerId, type World } from "./world/create-world.ts";

const help = `Invents a music service, trains and quantizes a recommender on it, and serves it.

  npm run demo                 serves until Ctrl-C, on ports 8500 (gRPC) and 8502 (metrics)
  npm run demo -- --once       makes one call of each kind on free ports, prints the answers, exits
  npm run demo -- --port N     another gRPC port; --metrics-port N likewise

The model is built at the first start and kept in .crossfade/demo.
`;

const models = fileURLToPath(new URL("../.crossfade/demo", import.meta.url));
const version = "1";

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    options: { once: flag, help: flag, port: text, "metrics-port": text },
  });
  if (values.help) return void process.stdout.write(help);
  const { once = false, port = once ? "0" : "8500" } = values;
  const metricsPort = values["metrics-port"] ?? (once ? "0" : "8502");

  const world = createWorld();
  await ensureBundle(world);
  const config = configOf([
    "--models",
    models,
    "--port",
    port,
    "--metrics-port",
    metricsPort,
    "--log-level",
    "warn",
  ]);
  const log = createLog({ level: config.logLevel });
  const server = await startServe(config, { log, load: createLoad(loadSettings(config, log)) });
  stopOnSignals(() => server.close(), { log });
  await server.started;

  const channel = openChannel(server.address);
  await showCalls(channel, world);
  channel.close();
  printEndpoints(server);
  if (once) await server.close();
  else console.log("\nServing until Ctrl-C.");
}

async function ensureBundle(world: World): Promise<void> {
  const dir = `${models}/playlists/${version}`;
  if (existsSync(dir)) return;
  console.log(`${world.sizes.listeners} invented listeners, ${world.sizes.playlists} playlists`);
  const bar = createProgressBar("Training, exporting, quantizing", process.stderr);
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    bar.at((0.9 * done) / total);
  await buildPlaylistsBundle(dir, { world, version, training: { onProgress } });
  bar.done();
}

function configOf(args: readonly string[]): ServeConfig {
  const result = readConfig(serveSchema, { args, env: {}, readFile: () => "" });
  if ("config" in result) return result.config;
  throw new Error(result.problems.join("\n"));
}

function printEndpoints({ address, metricsPort }: Serving): void {
  console.log(`
gRPC     ${address}   recommendations, health, reflection
metrics  http://127.0.0.1:${metricsPort}/metrics

grpcurl -plaintext -d '{"model": "playlists", "user_id": "${listenerId(42)}", "top_k": 5}' ${address} crossfade.v1.RecommenderService/Recommend`);
}

await main();
