import type { RouteConfig } from "./config/route-schema.ts";
import type { AdminPorts } from "./control/open-admin.ts";
import { openControlPlane, type ControlPlane } from "./control/open-control-plane.ts";
import { routedBy } from "./control/routed-by.ts";
import type { Addresses } from "./front.ts";
import type { Log } from "./log/log.ts";
import { logListening } from "./log-listening.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { openRouteCalls } from "./routing/route-calls.ts";
import { settlesWithin } from "./settles-within.ts";

export interface Routes extends Addresses, AdminPorts, AsyncDisposable {
  /** Resolves when every server has been heard of, or has been found missing. */
  readonly started: Promise<void>;
  /** Not ready, wait, no new calls, finish those in flight, leave the store and the servers. Idempotent. */
  close(): Promise<void>;
}

/** A store that hangs must not keep the process from ending. */
const closeMs = 5_000;

/** A router in front of servers; ready when one of them can answer. */
export async function startRoute(
  config: RouteConfig,
  { log }: { readonly log: Log },
): Promise<Routes> {
  const metrics = createMetrics(log);
  let control: ControlPlane | undefined;
  const calls = await openRouteCalls(config, {
    metrics,
    log,
    async prepare(router) {
      const parts = { routed: routedBy(router), metrics, log };
      control = await openControlPlane(config, parts);
    },
  }).catch(async (error: unknown) => {
    await control?.close();
    throw error;
  });

  async function leave(): Promise<void> {
    if (!(await settlesWithin(closeMs, control!.close())))
      log.warn("the store did not close in time; leaving it", { closeMs });
    await calls.close();
  }

  async function shutDown(): Promise<void> {
    log.info("draining");
    await calls.drain();
    await leave();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  const { addresses, started } = calls;
  try {
    const admin = await control!.begin(addresses);
    logListening(log, { ...addresses, ...admin });
    return { ...addresses, ...admin, started, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await calls.drain();
    await leave();
    throw error;
  }
}
