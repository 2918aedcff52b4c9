import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createPuppet, type Puppet } from "../backends/puppet.ts";
import { RecommendRequest, RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { HealthCheckRequest, HealthCheckResponse } from "../proto/gen/grpc/health/v1/health.ts";
import { openChannel } from "../transport/open.ts";
import type { CallOptions, Channel, ChannelOptions } from "../transport/transport.ts";
import { readConfig } from "./config/read-config.ts";
import { serveSchema, type ServeConfig } from "./config/serve-schema.ts";
import { createLog } from "./log/log.ts";
import type { Load } from "./model-version.ts";
import { startServe, type Serving } from "./serve.ts";

/** A real server, for tests, whose models are puppets that answer at once. */
export interface PuppetServing extends AsyncDisposable {
  readonly serving: Serving;
  readonly channel: Channel;
  /** By "model/version". */
  readonly puppets: ReadonlyMap<string, Puppet>;
  readonly logLines: readonly string[];
  recommend(model: string, options?: CallOptions): Promise<RecommendResponse>;
  health(service: string): Promise<HealthCheckResponse["status"]>;
  /** A page of the metrics port. */
  page(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

export interface PuppetServingOptions {
  /** On top of free ports and a quick poll. */
  readonly flags: Readonly<Record<string, string>>;
  readonly channel?: ChannelOptions;
  /** Every load waits for it and is told of its signal. */
  readonly beforeLoad?: (signal: AbortSignal) => Promise<unknown>;
}

const info = {
  family: "two-tower",
  variant: "qint8",
  itemCount: 12,
  created: new Date("2025-01-31T12:00:00Z"),
  overlapAt10: 0.998,
  idType: "string" as const,
};

export async function openPuppetServing(options: PuppetServingOptions): Promise<PuppetServing> {
  const { beforeLoad = async () => {} } = options;
  const puppets = new Map<string, Puppet>();
  const logLines: string[] = [];

  /** Folders whose path says that they are broken do not load. */
  const load: Load = async (dir, loadOptions) => {
    await beforeLoad(loadOptions.signal);
    if (dir.includes("broken")) throw new Error("checksum of weights.bin is wrong");
    const [model, version] = [basename(dirname(dir)), basename(dir)];
    const backend = createPuppet({ name: "cpu-qint8", model, version });
    backend.perform();
    loadOptions.meterFor({ model, version, backend: backend.name }).ran(1, 2);
    puppets.set(`${model}/${version}`, backend);
    return { model, version, backend, info };
  };

  const log = createLog({
    isPretty: false,
    level: "debug",
    write: (line) => logLines.push(line),
  });
  const serving = await startServe(configOf(options.flags), { load, log });
  const channel = openChannel(serving.address, options.channel);
  return {
    serving,
    channel,
    puppets,
    logLines,
    async recommend(model, callOptions) {
      const request = RecommendRequest.fromPartial({ model, userId: "ana" });
      const bytes = RecommendRequest.encode(request).finish();
      const path = "/crossfade.v1.RecommenderService/Recommend";
      return RecommendResponse.decode(await channel.unary(path, bytes, callOptions));
    },
    async health(service) {
      const bytes = HealthCheckRequest.encode({ service }).finish();
      const reply = await channel.unary("/grpc.health.v1.Health/Check", bytes);
      return HealthCheckResponse.decode(reply).status;
    },
    async page(path) {
      const response = await fetch(`http://127.0.0.1:${serving.metricsPort}${path}`);
      return { status: response.status, text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      channel.close();
      await serving.close();
    },
  };
}

function configOf(flags: Readonly<Record<string, string>>): ServeConfig {
  const free = { port: "0", "http-port": "0", "metrics-port": "0" };
  const args = Object.entries({ ...free, "poll-ms": "5", ...flags });
  const result = readConfig(serveSchema, {
    args: args.map(([name, value]) => `--${name}=${value}`),
    env: {},
    readFile: () => "",
  });
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.config;
}

export interface ModelsFolder extends AsyncDisposable {
  readonly path: string;
  /** A version arrives whole, by rename, as bundles do. */
  put(name: string): Promise<void>;
}

/** A folder of what looks like bundles from outside: folders with a manifest. */
export async function openModelsFolder(...names: readonly string[]): Promise<ModelsFolder> {
  const path = await mkdtemp(join(tmpdir(), "crossfade-serve-"));
  async function put(name: string): Promise<void> {
    const aside = join(path, `.${name.replace("/", "-")}`);
    await mkdir(aside, { recursive: true });
    await writeFile(join(aside, "bundle.json"), name);
    await mkdir(join(path, dirname(name)), { recursive: true });
    await rename(aside, join(path, name));
  }
  for (const name of names) await put(name);
  return { path, put, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
