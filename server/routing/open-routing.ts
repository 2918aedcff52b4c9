import type { Backend, Query } from "../../backends/backend.ts";
import { createEndpoints, type Endpoints } from "../../backends/endpoints/endpoints.ts";
import type { Endpoint } from "../../backends/endpoints/member.ts";
import { createAnswerCache, type AnswerCache } from "../../backends/layers/answer-cache.ts";
import { createPopular } from "../../backends/popular/popular.ts";
import type { Distribution } from "../../router/distribution.ts";
import { entryArm } from "../../router/entry-arm.ts";
import { createRouter, type Router } from "../../router/router.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { followPopular } from "./follow-popular.ts";
import { onlyFor } from "./only-for.ts";
import { readOverrideRole } from "./override-token.ts";
import type { RoutingConfig } from "./routing-settings.ts";
import { staleAnswers } from "./stale-answers.ts";

export interface RoutingParts {
  readonly metrics: Metrics;
  /** Ends the following of what is popular. */
  readonly signal: AbortSignal;
  /** The models behind the endpoints. */
  models(): readonly string[];
}

export interface Routing {
  readonly router: Router;
  /** What it chooses among. */
  readonly endpoints: Pick<Endpoints, "add" | "remove">;
  /** Settles when nothing is followed any more: after the signal aborted. */
  readonly following: Promise<void>;
}

/** A router over endpoints, with the rungs below them. */
export async function openRouting(
  endpoints: readonly Endpoint[],
  config: RoutingConfig,
  parts: RoutingParts,
): Promise<Routing> {
  const { metrics, signal } = parts;
  const mayOverride = await readOverrideRole(config.overrideTokenFile);
  const popular = createPopular();
  const ladder = openLadder(endpoints, config, {
    metrics,
    popular: popular.backend,
    isLastArm: (query) => isLastArm(query, router.current(query.model)),
  });
  const { inner } = ladder;
  const router: Router = createRouter({ inner, mayOverride, meter: metrics.router });
  const models = () => parts.models();
  const following = followPopular({ popular, source: inner, models, signal });
  return { router, endpoints: ladder.endpoints, following };
}

/** What fails here spills nowhere. */
function isLastArm({ version }: Query, document: Distribution | undefined): boolean {
  if (document === undefined) return true;
  return entryArm(document).version === version;
}

interface Rungs {
  readonly metrics: Metrics;
  readonly popular: Backend;
  readonly isLastArm: (query: Query) => boolean;
}

/** Endpoints; below them answers given before, below those popular items: for the arm that others spill to. */
function openLadder(
  endpoints: readonly Endpoint[],
  { cacheMs, cacheBytes }: RoutingConfig,
  { metrics, popular, isLastArm: isLast }: Rungs,
): { readonly inner: Backend; readonly endpoints: Endpoints } {
  const meter = metrics.endpoints;
  const lowest = { backend: onlyFor(isLast, popular), degraded: "popular" };
  if (cacheMs === 0) {
    const inner = createEndpoints(endpoints, { meter, fallbacks: [lowest] });
    return { inner, endpoints: inner };
  }
  const cache: AnswerCache = createAnswerCache({
    // What no arm pinned is answered by whatever version is newest; kept, it would outlive a swap.
    ttlMs: (_, version) => (version === "" ? 0 : cacheMs),
    maxBytes: cacheBytes,
    meter: metrics.cache,
  });
  const stale = onlyFor(
    isLast,
    staleAnswers((query) => cache.peekStale(query)),
  );
  const fallbacks = [{ backend: stale, degraded: "cached" }, lowest];
  const cached = createEndpoints(endpoints, { meter, fallbacks });
  return { inner: cache.layer(cached), endpoints: cached };
}
