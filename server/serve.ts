import { readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { createHost, type Host } from "../backends/host.ts";
import type { Method } from "../transport/transport.ts";
import type { ServeConfig } from "./config/serve-schema.ts";
import { healthService } from "./health/health-service.ts";
import type { HttpModels } from "./http/http-models.ts";
import type { Route } from "./http/route.ts";
import { httpRoutes } from "./http/routes.ts";
import { listModels } from "./list-models.ts";
import type { Log } from "./log/log.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import { createModelHolder, type ModelHolder } from "./model-holder.ts";
import { createModelRepository } from "./repository/model-repository.ts";
import type { Load } from "./model-version.ts";
import { openSockets } from "./open-sockets.ts";
import { createReadiness, type Readiness } from "./health/readiness.ts";
import { recommenderService } from "./recommender-service.ts";
import { reflectionService } from "./reflection/reflection.ts";

export interface ServeParts {
  readonly load: Load;
  readonly log: Log;
}

export interface Serving extends AsyncDisposable {
  /** Of gRPC, as `openChannel` takes it. */
  readonly address: string;
  /** 0 on a unix socket. */
  readonly port: number;
  /** Undefined when it is off. */
  readonly httpPort: number | undefined;
  /** Undefined when it is off. */
  readonly metricsPort: number | undefined;
  /** Resolves after the first look at the models, whatever was there; rejects when `bundle` cannot be served. */
  readonly started: Promise<void>;
  /** Not ready, wait, no new calls, finish those in flight, close the models. Idempotent. */
  close(): Promise<void>;
}

/** A backend may lose and regain readiness by itself; health hears of it this soon. */
const readinessPollMs = 500;

/** Listens at once, not ready; loads the models; then is ready. */
export async function startServe(config: ServeConfig, { load, log }: ServeParts): Promise<Serving> {
  const host = createHost("server");
  const metrics = createMetrics();
  const readiness = createReadiness(host);
  /** Models and certificates stop changing; then watches end. */
  const stopping = new AbortController();
  const draining = new AbortController();
  const holder = holderOf({ host, metrics, readiness, load, log, signal: stopping.signal });
  const methods = methodsOf(config, { host, metrics, readiness, holder, signal: draining.signal });
  const { signal } = stopping;
  const isReady = () => readiness.isReady();
  const routes = routesOf(config, { host, holder, isReady });
  const sockets = await openSockets(config, { methods, routes, metrics, log, signal, isReady });
  const { grpc, http } = sockets;
  log.info("listening", {
    grpc: grpc.address,
    httpPort: http?.port ?? "off",
    metricsPort: sockets.metrics?.port ?? "off",
  });

  const polling = setInterval(() => readiness.refresh(), readinessPollMs).unref();
  const models = startModels(config, { holder, readiness, log, signal });
  // Who closes before the start is over waits for it there.
  models.started.catch(() => {});

  async function shutDown(): Promise<void> {
    log.info("draining");
    clearInterval(polling);
    readiness.drain();
    http?.drain();
    stopping.abort();
    await delay(config.drainDelayMs);
    draining.abort();
    await Promise.all([grpc.close(config.drainMs), http?.close(config.drainMs)]);
    await Promise.allSettled([models.following, sockets.following]);
    await host.close();
    await sockets.metrics?.close();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  return {
    address: grpc.address,
    port: grpc.port,
    httpPort: http?.port,
    metricsPort: sockets.metrics?.port,
    started: models.started,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface HolderParts extends ServeParts {
  readonly host: Host;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly signal: AbortSignal;
}

/** A holder whose changes reach metrics and health. */
function holderOf({ host, metrics, readiness, load, log, signal }: HolderParts): ModelHolder {
  return createModelHolder({
    host,
    load,
    log,
    loadOptions: {
      signal,
      meterFor: (by) => metrics.models.meterFor(by),
      lost(by, why, restartMs) {
        metrics.models.lost(by);
        log.error("session died; another takes its place", { ...by, restartMs, error: why });
      },
    },
    observer: {
      loaded(version) {
        metrics.models.loaded(version);
        readiness.refresh();
      },
      unloaded(version) {
        metrics.models.unloaded(version);
        readiness.refresh();
      },
      failed: () => metrics.models.failed(),
    },
  });
}

interface MethodParts extends Pick<HolderParts, "host" | "metrics" | "readiness" | "signal"> {
  readonly holder: ModelHolder;
}

function methodsOf(config: ServeConfig, parts: MethodParts): Method[] {
  const { host, metrics, readiness, holder, signal } = parts;
  const services = [
    ...recommenderService(host, { ...config, listModels: () => listModels(host, holder) }),
    ...healthService(readiness.health, signal),
  ];
  return metrics.instrument([...services, ...reflectionService(services)]);
}

interface RouteParts {
  readonly host: Host;
  readonly holder: ModelHolder;
  readonly isReady: () => boolean;
}

function routesOf(config: ServeConfig, { host, holder, isReady }: RouteParts): Route[] {
  const models: HttpModels = {
    list: () => listModels(host, holder),
    idType(model, version) {
      const held = version === "" ? holder.findAny(model) : holder.find(model, version);
      return held?.info.idType;
    },
  };
  return httpRoutes(host, { ...config, models, isReady });
}

interface ModelParts extends Pick<HolderParts, "readiness" | "log" | "signal"> {
  readonly holder: ModelHolder;
}

interface Models {
  readonly started: Promise<void>;
  /** Settles when nothing is being loaded any more: after the signal aborted. */
  readonly following: Promise<void>;
}

function startModels(config: ServeConfig, { holder, readiness, log, signal }: ModelParts): Models {
  const { models: root, bundle, keepVersions: keep, pollMs } = config;
  const repository =
    root === undefined
      ? undefined
      : createModelRepository({ root, holder, keep, pollMs, log, signal });
  const look = async () => {
    // A folder that is missing from the start is a wrong path; later it is something to sit out.
    if (root !== undefined) await readdir(root);
    await (repository?.refresh() ?? holder.load(bundle!));
    readiness.started();
  };
  const started = look();
  const following = started.then(
    () => repository?.follow(),
    () => {},
  );
  return { started, following };
}
