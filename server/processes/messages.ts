import type { Distribution } from "../../router/distribution.ts";
import type { Lowered } from "../../router/lowered-distribution.ts";
import type { ModelReport } from "../../router/observe/router-report.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import type { Addresses } from "../front.ts";
import type { MetricsSnapshot } from "../metrics/merge-metrics.ts";

export type ModelReports = Readonly<Record<string, ModelReport>>;

/** What a worker routes by. */
export interface RoutedState {
  readonly distributions: readonly Distribution[];
  /** By model. */
  readonly lowered: Readonly<Record<string, Lowered>>;
}

/** To a worker. A line of theirs is ordered. */
export type ToWorker =
  | { readonly kind: "start"; readonly config: RouteConfig; readonly state: RoutedState }
  | { readonly kind: "apply"; readonly distribution: Distribution }
  | { readonly kind: "lower"; readonly model: string; readonly lowered: Lowered }
  | { readonly kind: "metrics"; readonly id: number }
  /** Drain, and end. */
  | { readonly kind: "stop" };

/** From a worker. */
export type FromWorker =
  /** It asks for its start. */
  | { readonly kind: "hello" }
  | { readonly kind: "listening"; readonly addresses: Addresses }
  /** Every server has been heard of, or has been found missing. */
  | { readonly kind: "started" }
  /** Every second, and right after each change. */
  | { readonly kind: "report"; readonly isReady: boolean; readonly models: ModelReports }
  | { readonly kind: "metrics"; readonly id: number; readonly metrics: MetricsSnapshot }
  /** It cannot start, and ends. */
  | { readonly kind: "failed"; readonly reason: string };
