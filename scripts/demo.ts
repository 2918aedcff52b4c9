import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ServingError } from "../proto/serving-error.ts";
import { createProgressBar } from "../cli/progress-bar.ts";
import { readConfig } from "../server/config/read-config.ts";
import { routeSchema } from "../server/config/route-schema.ts";
import type { ConfigOf, Schema, SettingTable } from "../server/config/schema.ts";
import { serveSchema } from "../server/config/serve-schema.ts";
import { createLoad } from "../server/load-model.ts";
import { loadSettings } from "../server/load-settings.ts";
import { createLog, type Log } from "../server/log/log.ts";
import { startRoute, type Routes } from "../server/route.ts";
import { startServe, type Serving } from "../server/serve.ts";
import { stopOnSignals } from "../server/stop-on-signals.ts";
import { openChannel } from "../transport/open.ts";
import { demoDistributions } from "./demo/distribution.ts";
import { buildPlaylistsBundle } from "../cli/train/playlists-bundle.ts";
import { copyExampleBundles, tracksWorld } from "./demo/example-bundles.ts";
import { showArms } from "./demo/show-arms.ts";
import { showCalls } from "./demo/show-calls.ts";
import { showSongs } from "./demo/show-songs.ts";
import { showFailure } from "./demo/show-failure.ts";
import { createWorld, listenerId, trackId, type World } from "../loadtest/world/create-world.ts";

const help = `Invents a music service, trains and quantizes two versions of a recommender on it, and serves them behind a router:
version 1 to nine listeners in ten, version 2 to the tenth, in float32 on one server and in int8 on another. Beside it a
sequence model says what to play next, also in two versions, and a third model goes by the names of tracks, be they known
or not; both were trained with PyTorch and come with these sources.

  npm run demo                 runs until Ctrl-C, on ports 8500 (gRPC), 8501 (HTTP), 8502 (metrics), 8503 and 8504 (admin)
  npm run demo -- --once       makes one call of each kind on free ports, prints the answers, exits
  npm run demo -- --fresh      forgets what was done by crossfade rollout
  npm run demo -- --port N     another gRPC port; --http-port, --metrics-port, --admin-port and --admin-http-port likewise

The models are built at the first start and kept in .crossfade/demo, and so is what is done by crossfade rollout, in
.crossfade/demo/state; --state DIR keeps that elsewhere.
`;

const folder = fileURLToPath(new URL("../.crossfade/demo", import.meta.url));
const versions = ["1", "2"] as const;
const portNames = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"] as const;
type Ports = Readonly<Partial<Record<(typeof portNames)[number], string>>>;

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const ofPorts = Object.fromEntries(portNames.map((name) => [name, text] as const));
  const options = { once: flag, fresh: flag, help: flag, state: text, ...ofPorts };
  const { values } = parseArgs({ options });
  if (values.help) return void process.stdout.write(help);
  const {
    once = false,
    fresh = false,
    help: _,
    state: kept = `${folder}/state`,
    ...ports
  } = values;

  const world = createWorld();
  await ensureBundles(world);
  await copyExampleBundles(`${folder}/models`);
  const log = createLog({ level: "warn" });
  const servers = await Promise.all([startServer("fp32", log), startServer("qint8", log)]);
  const free: Ports = Object.fromEntries(portNames.map((name) => [name, "0"]));
  const state = once ? await mkdtemp(join(tmpdir(), "crossfade-demo-")) : kept;
  if (fresh) await rm(state, { recursive: true, force: true });
  const asked = { ports: { ...(once && free), ...ports }, state };
  const routes = await startRouter(servers, asked, log);
  const close = async () => {
    await routes.close();
    await Promise.all(servers.map((server) => server.close()));
    if (once) await rm(state, { recursive: true });
  };
  stopOnSignals(close, { log });

  try {
    using channel = openChannel(routes.address);
    await showCalls(channel, { world, tracks: tracksWorld });
    await showSongs({ channel, httpPort: routes.httpPort!, tracks: tracksWorld });
    await showArms(channel, "playlists");
    await showArms(channel, "tracks", (listener) =>
      [...tracksWorld.listens(listener)].map(trackId),
    );
  } catch (error) {
    if (once) throw error;
    await showFailure(error, routes.adminPort);
  }
  if (once) {
    await close();
    return console.log("\n`npm run demo` goes on serving, and says where.");
  }
  printEndpoints(routes);
  console.log("\nServing until Ctrl-C.");
}

async function ensureBundles(world: World): Promise<void> {
  const missing = versions.filter((version) => !existsSync(bundleDir(version)));
  if (missing.length === 0) return;
  console.log(`${world.sizes.listeners} invented listeners, ${world.sizes.playlists} playlists`);
  for (const version of missing) {
    const bar = createProgressBar(
      `Training, exporting, quantizing version ${version}`,
      process.stderr,
    );
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      bar.at((0.9 * done) / total);
    const training = { seed: Number(version), onProgress };
    await buildPlaylistsBundle(bundleDir(version), { world, version, training });
    bar.done();
  }
}

function bundleDir(version: string): string {
  return `${folder}/models/playlists/${version}`;
}

/** Both versions, in one form. */
async function startServer(variant: "fp32" | "qint8", log: Log): Promise<Serving> {
  const config = configOf(serveSchema, [
    "--models",
    `${folder}/models`,
    "--variant",
    variant,
    "--port",
    "0",
    "--http-port",
    "off",
    "--metrics-port",
    "off",
  ]);
  const server = await startServe(config, { log, load: createLoad(loadSettings(config, log)) });
  await server.started;
  return server;
}

interface RouterAsked {
  readonly ports: Ports;
  readonly state: string;
}

async function startRouter(
  servers: readonly Serving[],
  { ports, state }: RouterAsked,
  log: Log,
): Promise<Routes> {
  const distributions = `${folder}/distributions.json`;
  await mkdir(folder, { recursive: true });
  await writeFile(distributions, JSON.stringify(demoDistributions, null, 2));
  const flags = Object.entries(ports).flatMap(([name, port]) => [`--${name}`, port]);
  const addresses = servers.map(({ address }) => address).join(",");
  const files = ["--distributions", distributions, "--state", state];
  const args = ["--servers", addresses, ...files, ...flags];
  const routes = await startRoute(configOf(routeSchema, args), { log });
  await routes.started;
  return routes;
}

function configOf<Table extends SettingTable>(
  schema: Schema<Table>,
  args: readonly string[],
): ConfigOf<Table> {
  const result = readConfig(schema, { args, env: {}, readFile: () => "" });
  if ("config" in result) return result.config;
  throw new Error(result.problems.join("\n"));
}

function printEndpoints({
  address,
  httpPort,
  metricsPort,
  adminPort,
  adminHttpPort,
}: Routes): void {
  const admin = adminPort === 8_503 ? "" : ` --admin 127.0.0.1:${adminPort}`;
  console.log(`
gRPC     ${address}   recommendations, health, reflection
HTTP     http://127.0.0.1:${httpPort}   the same as JSON; /openapi.json describes it
metrics  http://127.0.0.1:${metricsPort}/metrics
admin    127.0.0.1:${adminPort}   who gets which version; as JSON: http://127.0.0.1:${adminHttpPort}/v1/rollouts/playlists

npm run -s crossfade -- rollout set weight canary=3000bp playlists --reason "more of version 2" --wait${admin}
npm run -s crossfade -- rollout get playlists${admin}
grpcurl -plaintext -d '{"model": "playlists", "user_id": "${listenerId(42)}", "top_k": 5}' ${address} crossfade.v1.RecommenderService/Recommend
grpcurl -plaintext -d '{"model": "tracks", "history": ["t402", "t1402"], "exclude_history": true}' ${address} crossfade.v1.RecommenderService/Recommend
curl -s http://127.0.0.1:${httpPort}/predict -H 'content-type: application/json' -d '{"tracks": [{"track_name": "Midnight Rain", "artist_name": "Nobody Yet"}]}'`);
}

try {
  await main();
} catch (error) {
  // Servers that still run would keep the process.
  console.error("The demo failed:", error instanceof ServingError ? error.message : error);
  process.exit(1);
}
