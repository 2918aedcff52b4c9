import type { ControlStore } from "../../router/store/control-store.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import type { Log } from "../log/log.ts";
import type { RoutingConfig } from "../routing/routing-settings.ts";

/** Where the settings say that rollouts are kept. Rejects when that cannot be; a store that is only away is no failure. */
export async function openStore(
  config: Pick<RoutingConfig, "store" | "state" | "storePasswordFile">,
  log: Log,
): Promise<ControlStore> {
  return openFileStore({
    dir: config.state,
    onNotice: (notice) => log.warn("store mended", { notice }),
  });
}
