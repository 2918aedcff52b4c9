import type { RouteConfig } from "../config/route-schema.ts";
import { createMergedMetrics, type MetricsSnapshot } from "../metrics/merge-metrics.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { openMetricsPort } from "../open-sockets.ts";
import type { Worker } from "./worker.ts";

export interface MergedMetricsParts {
  /** This process's own. */
  readonly metrics: Metrics;
  /** Those that live. */
  readonly workers: () => readonly Worker[];
}

/** The metrics port of several processes. */
export interface MergedMetricsPage {
  /** Undefined when it is off. */
  readonly port: number | undefined;
  /** All workers have started. */
  readonly started: () => void;
  died(worker: Worker): void;
  /** Not ready any more. */
  drain(): void;
  close(): Promise<void>;
}

/** No worker has this id. */
const primaryId = 0;

/**
 * Ready when all workers have started, so that no balancer sends a share of one to many; from then on while any can answer: one
 * that died is replaced, and the others take its connections meanwhile.
 */
export async function openMergedMetrics(
  config: RouteConfig,
  { metrics, workers }: MergedMetricsParts,
): Promise<MergedMetricsPage> {
  const merged = createMergedMetrics();
  let hasStarted = false;
  let isDraining = false;

  async function render(): Promise<string> {
    const asked = workers().map(async (one) => [one.id, await one.metrics()] as const);
    const own = [primaryId, await metrics.snapshot()] as const;
    const answered = (await Promise.all(asked)).filter(isAnswered);
    return merged.render(new Map([own, ...answered]));
  }

  const server = await openMetricsPort(config, {
    contentType: metrics.contentType,
    render,
    isReady: () => hasStarted && !isDraining && workers().some((worker) => worker.isReady()),
  });
  return {
    port: server?.port,
    started: () => void (hasStarted = true),
    died: (worker) => void merged.retire(worker.id),
    drain: () => void (isDraining = true),
    close: async () => server?.close(),
  };
}

type Asked = readonly [id: number, snapshot: MetricsSnapshot | undefined];

function isAnswered(asked: Asked): asked is readonly [number, MetricsSnapshot] {
  return asked[1] !== undefined;
}
