import type { Router } from "../../router/router.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import { openFront, type Addresses, type Front } from "../front.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { settlesWithin } from "../settles-within.ts";
import { openRouting, type Routing } from "./open-routing.ts";
import { openServers } from "./open-servers.ts";

export interface RouteCallsParts {
  readonly metrics: Metrics;
  readonly log: Log;
  /** Gives the router what it routes by, before calls come. */
  readonly prepare: (router: Router) => Promise<void>;
}

/** What answers calls in a process of `crossfade route`: servers, a router before them, ports. */
export interface RouteCalls {
  readonly addresses: Addresses;
  isReady(): boolean;
  /** Resolves when every server has been heard of, or has been found missing. */
  readonly started: Promise<void>;
  /** Not ready, wait (by default `drainDelayMs`), no new calls, finish those in flight. */
  readonly drain: Front["drain"];
  /** Leaves the servers; metrics are there until the end. */
  close(): Promise<void>;
}

/** Servers that hang must not keep a process from ending. */
const closeMs = 1_000;

export async function openRouteCalls(
  config: RouteConfig,
  { metrics, log, prepare }: RouteCallsParts,
): Promise<RouteCalls> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let routing: Routing | undefined;
  const parts = { router: () => routing?.router, log };
  const servers = await openServers(config, parts);
  const { endpoints, models, looked } = servers;
  routing = await openRouting(endpoints, config, {
    metrics,
    signal,
    models: () => models.list().map(({ model }) => model),
  });
  const { router } = routing;
  const following = Promise.all([routing.following, servers.follow(routing.endpoints, signal)]);

  async function leave(): Promise<void> {
    stopping.abort();
    const left = Promise.all([following, router.close()]);
    if (!(await settlesWithin(closeMs, left)))
      log.warn("servers were not left in time; ending all the same", { closeMs });
  }

  try {
    await prepare(router);
    const front = await openFront(config, { backend: router, models, metrics, log });
    return {
      addresses: front.addresses,
      isReady: () => front.readiness.isReady(),
      started: looked.then(() => front.readiness.started()),
      drain: front.drain,
      async close() {
        await leave();
        await front.close();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}
