import { createRemote, type Remote } from "../backends/remote/remote.ts";
import type { ModelVersion } from "../proto/gen/crossfade/v1/recommender.ts";
import type { RouteConfig } from "./config/route-schema.ts";
import { openFront, type Addresses } from "./front.ts";
import type { HttpModels } from "./http/http-models.ts";
import type { Log } from "./log/log.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { openRouting } from "./routing/open-routing.ts";

export interface Routes extends Addresses, AsyncDisposable {
  /** Resolves when every server has been heard of, or has been found missing. */
  readonly started: Promise<void>;
  /** Undefined when it is off. */
  readonly adminPort: number | undefined;
  /** Not ready, wait, no new calls, finish those in flight, leave the servers. Idempotent. */
  close(): Promise<void>;
}

/** A router in front of servers; ready when one of them can answer. */
export async function startRoute(
  config: RouteConfig,
  { log }: { readonly log: Log },
): Promise<Routes> {
  const metrics = createMetrics(log);
  const stopping = new AbortController();
  const { signal } = stopping;
  const { servers = [], connections } = config;
  const remotes = servers.map(({ address }) => createRemote({ address, connections }));
  const endpoints = remotes.map((backend, i) => ({ backend, class: servers[i]!.class }));
  const models = modelsOf(remotes);
  const routing = await openRouting(endpoints, config, {
    metrics,
    log,
    signal,
    models: () => models.list().map(({ model }) => model),
  });
  const { router } = routing;
  const front = await openFront(config, {
    backend: router,
    models,
    metrics,
    log,
  });
  const looked = Promise.all(remotes.map((remote) => remote.looked));
  const started = looked.then(() => front.readiness.started());

  async function shutDown(): Promise<void> {
    log.info("draining");
    stopping.abort();
    await front.drain();
    await Promise.all([routing.following, routing.close()]);
    await router.close();
    await front.close();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  return { ...front, started, adminPort: routing.adminPort, close, [Symbol.asyncDispose]: close };
}

/** What the servers list, each version once: ready when any of them is. */
function modelsOf(remotes: readonly Remote[]): HttpModels {
  const list = () => {
    const versions = new Map<string, ModelVersion>();
    for (const listed of remotes.flatMap((remote) => remote.listed())) {
      const key = `${listed.model}/${listed.version}`;
      if (versions.get(key)?.ready !== true) versions.set(key, listed);
    }
    return [...versions.values()];
  };
  return {
    list,
    idType(model, version) {
      const fits = (one: ModelVersion) =>
        one.model === model && (version === "" || one.version === version);
      const found = list().find(fits);
      return found && (found.idType === "int" ? "int" : "string");
    },
  };
}
