import type { Registry } from "prom-client";
import type { BackendLoad } from "../../backends/meter.ts";
import type { ByVersion } from "./by-version.ts";
import { readWhenShown } from "./read-when-shown.ts";

/** What waits and what runs. */
export function showLoads(registry: Registry, loads: ByVersion<() => BackendLoad>): void {
  const { labelNames } = loads;
  const gauge = (name: string, help: string, valueOf: (load: BackendLoad) => number) =>
    readWhenShown(registry, { kind: "gauge", name, help, labelNames }, (add) => {
      for (const [by, load] of loads.all()) add(by, valueOf(load()));
    });
  gauge("crossfade_queued_rows", "Rows that wait for a run.", (load) => load.queuedRows);
  gauge(
    "crossfade_queue_limit_rows",
    "So many may wait; more are refused.",
    (load) => load.maxQueuedRows,
  );
  gauge(
    "crossfade_running_batches",
    "Batches that were given to a session and are not back yet.",
    (load) => load.runningBatches,
  );
}
