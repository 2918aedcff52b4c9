import type { MetricDescription } from "../../server/metrics/describe-metrics.ts";
import { createMetrics } from "../../server/metrics/metrics.ts";

/** All that `serve` and `route` can export, with what appears only once there is something to show. */
export function describeAll(): readonly MetricDescription[] {
  const metrics = createMetrics();
  metrics.control.show(() => ({ isStoreUp: false, readMs: undefined, models: [] }));
  metrics.models.watchUnloadable(() => new Map());
  return metrics.describe();
}
