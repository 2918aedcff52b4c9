import type { Addresses } from "../front.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { openAdmin, type AdminPorts, type ControlConfig, type OpenAdmin } from "./open-admin.ts";
import { openControl } from "./open-control.ts";
import { openStore } from "./open-store.ts";
import type { Routed } from "./routed.ts";
import { settlesWithin } from "../settles-within.ts";
import { routerName } from "./router-name.ts";

export interface ControlPlaneParts {
  readonly routed: Routed;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The store, what is held of it, and the admin API. Calls may come. */
export interface ControlPlane {
  /** @param addresses Where calls come: it names this router. */
  begin(addresses: Addresses): Promise<AdminPorts>;
  /** Once no call is in flight any more: the store goes last. */
  close(): Promise<void>;
}

const begunMs = 1_000;

export async function openControlPlane(
  config: ControlConfig,
  { routed, metrics, log }: ControlPlaneParts,
): Promise<ControlPlane> {
  const store = await openStore(config, log);
  const parts = { store, routed, metrics: metrics.control, log };
  const held = await openControl(config, parts).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  let admin: OpenAdmin | undefined;
  return {
    async begin(addresses) {
      const control = held.begin(routerName(config, addresses));
      // Or the first change would be lost to it.
      await settlesWithin(begunMs, held.begun);
      admin = await openAdmin(config, { control, metrics, log });
      return admin.ports;
    },
    async close() {
      await admin?.close();
      await held.close();
    },
  };
}
