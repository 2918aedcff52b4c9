import { freeSocket } from "../../transport/free-socket.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import { openControlPlane } from "../control/open-control-plane.ts";
import type { Addresses } from "../front.ts";
import type { Log } from "../log/log.ts";
import { logListening } from "../log-listening.ts";
import { createMetrics } from "../metrics/metrics.ts";
import type { Routes } from "../route.ts";
import { settlesWithin } from "../settles-within.ts";
import { createCrew, type Crew } from "./crew.ts";
import { openMergedMetrics } from "./open-merged-metrics.ts";
import { prepareCluster } from "./prepare-cluster.ts";
import { routedByWorkers } from "./routed-by-workers.ts";
import { startWorker, type Worker } from "./worker.ts";

export interface ProcessesParts {
  readonly log: Log;
  /** Workers die again and again, and are not replaced any more. */
  readonly gaveUp: (why: string) => void;
}

/** Past what workers have to drain: they have servers to leave, too. */
const stopMs = 5_000;
/** A store that hangs must not keep the process from ending. */
const closeMs = 5_000;

/** `crossfade route` in several processes: workers answer calls; this one has the store, the admin API and all metrics. */
export async function startProcesses(
  config: RouteConfig,
  { log, gaveUp }: ProcessesParts,
): Promise<Routes> {
  const metrics = createMetrics(log);
  let crew: Crew | undefined;
  const workers = () => crew?.workers() ?? [];
  const routed = routedByWorkers(workers);
  const control = await openControlPlane(config, { routed, metrics, log });
  const page = await openMergedMetrics(config, { metrics, workers });
  const graceMs = config.drainDelayMs + config.drainMs + stopMs;

  async function shutDown(): Promise<void> {
    log.info("draining");
    page.drain();
    await crew?.stop(graceMs);
    if (!(await settlesWithin(closeMs, control.close())))
      log.warn("the store did not close in time; leaving it", { closeMs });
    routed.close();
    await page.close();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  try {
    await freeHost(config);
    prepareCluster();
    const { state, changed } = routed;
    // Metrics have one port, which is this process's.
    const own: RouteConfig = { ...config, metricsPort: "off" };
    crew = createCrew({
      size: config.processes,
      start: () => startWorker({ config: own, state, changed }),
      died(worker) {
        routed.died(worker);
        page.died(worker);
      },
      log,
      gaveUp,
    });
    await crew.listening;
    const addresses = { ...sharedAddresses(crew.workers()), metricsPort: page.port };
    const admin = await control.begin(addresses);
    logListening(log, { ...addresses, ...admin }, { processes: config.processes });
    const started = Promise.all(crew.workers().map((worker) => worker.started)).then(page.started);
    // One that dies meanwhile is replaced.
    started.catch(page.started);
    return { ...addresses, ...admin, started, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a killed process left there would be in the way of all workers. */
async function freeHost({ host }: RouteConfig): Promise<void> {
  if (host.startsWith("unix:")) await freeSocket(host.slice("unix:".length));
}

/** All workers have the same. */
function sharedAddresses(workers: readonly Worker[]): Addresses {
  return workers.map((worker) => worker.addresses()).find((one) => one !== undefined)!;
}
