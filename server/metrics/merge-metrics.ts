import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from "prom-client";

/** What one process measured, as it goes from process to process. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** One page for several processes: counts are sums, gauges are what their `aggregator` says. */
export interface MergedMetrics {
  /** In the Prometheus text format. */
  render(snapshots: ReadonlyMap<number, MetricsSnapshot>): Promise<string>;
  /** The process is gone: what it had counted when it was rendered last still counts, or sums would go back. */
  retire(id: number): Promise<void>;
}

export function createMergedMetrics(): MergedMetrics {
  let retired: MetricsSnapshot = [];
  let rendered: ReadonlyMap<number, MetricsSnapshot> = new Map();
  const gone = new Set<number>();
  return {
    render(snapshots) {
      // One that was asked before it went would count twice.
      rendered = new Map([...snapshots].filter(([id]) => !gone.has(id)));
      return aggregate([...rendered.values(), retired]).metrics();
    },
    async retire(id) {
      gone.add(id);
      const last = rendered.get(id);
      if (last === undefined) return;
      const counted = last.filter(isCount);
      retired = await aggregate([retired, counted]).getMetricsAsJSON();
    },
  };
}

function isCount({ type }: MetricsSnapshot[number]): boolean {
  // As prom-client really says it; its declaration has numbers.
  return ["counter", "histogram"].includes(String(type));
}

function aggregate(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate(snapshots as unknown as object[]);
}
