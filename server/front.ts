import { setTimeout as delay } from "node:timers/promises";
import type { Backend } from "../backends/backend.ts";
import type { HeldVersion } from "../proto/held-versions.ts";
import type { Method } from "../transport/transport.ts";
import type { ListeningConfig } from "./config/listening-settings.ts";
import { openFeedback } from "./feedback/open-feedback.ts";
import type { Feedback } from "./feedback/feedback.ts";
import { healthService } from "./health/health-service.ts";
import { createReadiness, type Readiness } from "./health/readiness.ts";
import type { HttpModels } from "./http/http-models.ts";
import { httpRoutes } from "./http/routes.ts";
import type { Log } from "./log/log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { openSockets, type Sockets } from "./open-sockets.ts";
import { recommenderService } from "./recommender-service.ts";
import { reflectionService } from "./reflection/reflection.ts";
import { settlesWithin } from "./settles-within.ts";

export interface FrontParts {
  readonly backend: Backend;
  readonly models: HttpModels;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Told of what routers' arms have. */
  readonly hold?: (versions: readonly HeldVersion[]) => void;
}

/** Where a process listens. */
export interface Addresses {
  /** Of gRPC, as `openChannel` takes it. */
  readonly address: string;
  /** 0 on a unix socket. */
  readonly port: number;
  /** Undefined when it is off. */
  readonly httpPort: number | undefined;
  /** Undefined when it is off. */
  readonly metricsPort: number | undefined;
}

/** A backend on the network: gRPC, HTTP, health, reflection and metrics. */
export interface Front {
  readonly addresses: Addresses;
  readonly readiness: Readiness;
  /** Not ready, wait (by default `drainDelayMs`), no new calls, finish those in flight. */
  readonly drain: (delayMs?: number) => Promise<void>;
  /** Metrics are there until the end. */
  close(): Promise<void>;
}

/** A backend may lose and regain readiness by itself; health hears of it this soon. */
const readinessPollMs = 500;

/** Where feedback is kept may hang; its callers have been told by then. */
const closeMs = 2_000;

/** Listens at once, not ready until `readiness` says that it has started. */
export async function openFront(config: ListeningConfig, parts: FrontParts): Promise<Front> {
  const { backend, models, metrics, log } = parts;
  const readiness = createReadiness(backend, () => models.list().map(({ model }) => model), {
    changed: (model, ready) =>
      ready
        ? log.info("model answers again", { model })
        : log.error("model cannot answer", { model }),
  });
  const isReady = () => readiness.isReady();
  const draining = new AbortController();
  const { signal } = draining;
  const feedback = await openFeedback(config, { meter: metrics.feedback, log });
  const health = healthService(readiness.health, signal);
  const methods = methodsOf(config, { ...parts, feedback }, health);
  const routes = httpRoutes(backend, { ...config, models, feedback, isReady });
  const socketParts = { methods, routes, metrics, log, signal, isReady };
  const sockets = await openSockets(config, socketParts).catch(async (error: unknown) => {
    await feedback.close();
    throw error;
  });
  const polling = setInterval(() => readiness.refresh(), readinessPollMs).unref();
  return {
    addresses: addressesOf(sockets),
    readiness,
    async drain(delayMs = config.drainDelayMs) {
      const { grpc, http, following } = sockets;
      clearInterval(polling);
      readiness.drain();
      http?.drain();
      await delay(delayMs);
      draining.abort();
      await Promise.all([grpc.close(config.drainMs), http?.close(config.drainMs), following]);
      if (!(await settlesWithin(closeMs, feedback.close())))
        log.error("feedback that came last could not be kept", { closeMs });
    },
    close: async () => sockets.metrics?.close(),
  };
}

function addressesOf({ grpc, http, metrics }: Sockets): Addresses {
  return {
    address: grpc.address,
    port: grpc.port,
    httpPort: http?.port,
    metricsPort: metrics?.port,
  };
}

function methodsOf(
  config: ListeningConfig,
  { backend, models, feedback, hold }: FrontParts & { readonly feedback: Feedback },
  health: readonly Method[],
): Method[] {
  const listModels = () => models.list();
  const options = { ...config, feedback, listModels, ...(hold && { hold }) };
  const recommender = recommenderService(backend, options);
  const services = [...recommender, ...health];
  return [...services, ...reflectionService(services)];
}
