import type { Backend } from "../../backends/backend.ts";
import { createEndpoints } from "../../backends/endpoints/endpoints.ts";
import type { Endpoint } from "../../backends/endpoints/member.ts";
import { createAnswerCache, type AnswerCache } from "../../backends/layers/answer-cache.ts";
import { createRouter, type Router } from "../../router/router.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { startAdminServer, type AdminServer } from "./admin-server.ts";
import { followDistributions } from "./follow-distributions.ts";
import { readOverrideRole } from "./override-token.ts";
import type { RoutingConfig } from "./routing-settings.ts";
import { staleAnswers } from "./stale-answers.ts";

export interface RoutingParts {
  readonly metrics: Metrics;
  readonly log: Log;
  /** Ends the following of the file. */
  readonly signal: AbortSignal;
}

export interface Routing {
  readonly router: Router;
  readonly adminPort: number | undefined;
  /** Settles when the file is no longer followed: after the signal aborted. */
  readonly following: Promise<void>;
  /** Of what is not the router. */
  close(): Promise<void>;
}

/** A router over endpoints, with its cache, its distributions and its admin port. */
export async function openRouting(
  endpoints: readonly Endpoint[],
  config: RoutingConfig & { readonly pollMs: number },
  parts: RoutingParts,
): Promise<Routing> {
  const { metrics, log, signal } = parts;
  const mayOverride = await readOverrideRole(config.overrideTokenFile);
  const router = createRouter({
    inner: cachedEndpoints(endpoints, config, metrics),
    mayOverride,
    meter: metrics.router,
  });
  const { distributions: file, pollMs } = config;
  const followed =
    file === undefined ? undefined : followDistributions({ file, router, log, pollMs, signal });
  await followed?.read();
  const admin = await openAdmin(config, router, log);
  return {
    router,
    adminPort: admin?.port,
    following: followed?.follow() ?? Promise.resolve(),
    close: async () => admin?.close(),
  };
}

function cachedEndpoints(
  endpoints: readonly Endpoint[],
  { cacheMs, cacheBytes }: RoutingConfig,
  metrics: Metrics,
): Backend {
  const meter = metrics.endpoints;
  if (cacheMs === 0) return createEndpoints(endpoints, { meter });
  const cache: AnswerCache = createAnswerCache({
    // What no arm pinned is answered by whatever version is newest; kept, it would outlive a swap.
    ttlMs: (_, version) => (version === "" ? 0 : cacheMs),
    maxBytes: cacheBytes,
    meter: metrics.cache,
  });
  const stale = staleAnswers((query) => cache.peekStale(query));
  const fallbacks = [{ backend: stale, degraded: "cached" }];
  return cache.layer(createEndpoints(endpoints, { meter, fallbacks }));
}

async function openAdmin(
  { adminPort }: RoutingConfig,
  router: Router,
  log: Log,
): Promise<AdminServer | undefined> {
  return adminPort === "off" ? undefined : startAdminServer({ port: adminPort, router, log });
}
