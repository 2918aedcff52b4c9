import type { Backend } from "../../backends/backend.ts";
import type { BatchResultLimits } from "../assert-batch-results.ts";
import type { HttpModels } from "./http-models.ts";
import { noFeedback, type Feedback } from "../feedback/feedback.ts";
import { feedbackRoute } from "./feedback-route.ts";
import { modelRoutes } from "./model-routes.ts";
import { openApiRoute } from "./open-api.ts";
import { playlistsRoute } from "./playlists-route.ts";
import { predictRoute } from "./predict-route.ts";
import { probeRoutes } from "./probe-routes.ts";
import { recommendRoutes } from "./recommend-routes.ts";
import { requestTypes, type RequestTypeLimits } from "./request-types.ts";
import type { Route } from "./route.ts";

export interface RouteOptions extends RequestTypeLimits, BatchResultLimits {
  readonly models: HttpModels;
  /** Which model answers the playlists route. */
  readonly playlistModel: string;
  /** Likewise the route of movies and tracks, asked by a sequence. */
  readonly movieModel: string;
  /** The same, asked by tracks. */
  readonly trackModel: string;
  /** For callers that set no timeout. */
  readonly defaultDeadlineMs: number;
  /** The same where one call brings many users. */
  readonly defaultBatchDeadlineMs: number;
  /** Default: there is none, and the route says so. */
  readonly feedback?: Feedback;
  isReady(): boolean;
}

/** All that the HTTP port answers, over any backend. */
export function httpRoutes(backend: Backend, options: RouteOptions): Route[] {
  const parts = { ...options, backend, types: requestTypes(options) };
  const routes = [
    ...recommendRoutes(parts),
    playlistsRoute(parts),
    predictRoute(parts),
    feedbackRoute(options.feedback ?? noFeedback),
    ...modelRoutes(options.models),
    ...probeRoutes(() => options.isReady()),
  ];
  return [...routes, openApiRoute(routes)];
}
