import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { EndpointsMeter } from "../../backends/endpoints/meter.ts";
import type { CacheMeter } from "../../backends/layers/cache-meter.ts";
import type { RouterMeter } from "../../router/meter.ts";
import type { HttpMeter } from "../http/gateway.ts";
import { createCacheMeter, createEndpointsMeter } from "./endpoint-metrics.ts";
import { createControlMetrics, type ControlMetrics } from "./control-metrics.ts";
import { createHttpMeter } from "./http-metrics.ts";
import type { FeedbackMeter } from "../feedback/feedback-meter.ts";
import { createFeedbackMeter } from "./feedback-metrics.ts";
import type { Log } from "../log/log.ts";
import type { MetricsSnapshot } from "./merge-metrics.ts";
import { describeMetrics, type MetricDescription } from "./describe-metrics.ts";
import { createModelMetrics, type ModelMetrics } from "./model-metrics.ts";
import { createRouterMeter } from "./router-metrics.ts";
import { createCallMetrics, type ObserveCalls } from "./rpc-metrics.ts";

/** All that one server measures. Labels name methods, models, versions, backends and codes: never users or items. */
export interface Metrics {
  readonly models: ModelMetrics;
  readonly observeCalls: ObserveCalls;
  readonly http: HttpMeter;
  readonly router: RouterMeter;
  readonly endpoints: EndpointsMeter;
  readonly cache: CacheMeter;
  readonly control: ControlMetrics;
  readonly feedback: FeedbackMeter;
  certificateExpires(at: Date): void;
  /** In the Prometheus text format. */
  render(): Promise<string>;
  /** The same, to be merged with that of other processes. */
  snapshot(): Promise<MetricsSnapshot>;
  readonly contentType: string;
  /** All there is, whether it has samples or not. */
  describe(): readonly MetricDescription[];
}

export function createMetrics(log?: Pick<Log, "lostLines">): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countLostLines(registry, log);
  const expiry = new Gauge({
    name: "crossfade_certificate_expiry_timestamp_seconds",
    help: "When the server's certificate ends; absent without TLS.",
    // A gauge without labels would show 0 until it is set.
    labelNames: ["use"],
    aggregator: "min",
    registers: [registry],
  });
  return {
    models: createModelMetrics(registry),
    observeCalls: createCallMetrics(registry),
    http: createHttpMeter(registry),
    router: createRouterMeter(registry),
    endpoints: createEndpointsMeter(registry),
    cache: createCacheMeter(registry),
    control: createControlMetrics(registry),
    feedback: createFeedbackMeter(registry),
    certificateExpires: (at) => expiry.set({ use: "server" }, at.getTime() / 1_000),
    render: () => registry.metrics(),
    snapshot: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
    describe: () => describeMetrics(registry),
  };
}

function countLostLines(registry: Registry, log: Pick<Log, "lostLines"> | undefined): void {
  const counter = new Counter({
    name: "crossfade_log_lines_lost_total",
    help: "Log lines that could not be written, e.g. because their reader had ended.",
    registers: [],
    collect() {
      this.reset();
      this.inc(log?.lostLines() ?? 0);
    },
  });
  registry.registerMetric(counter);
}
