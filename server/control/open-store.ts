import { readFile } from "node:fs/promises";
import type { ControlStore } from "../../router/store/control-store.ts";
import { openControlStore } from "../../router/store/open-control-store.ts";
import { parseStoreAddress } from "../../router/store/store-address.ts";
import type { Log } from "../log/log.ts";
import type { RoutingConfig } from "../routing/routing-settings.ts";

type StoreConfig = Pick<
  RoutingConfig,
  "store" | "state" | "storePasswordFile" | "storeTlsAuthority"
>;

/** Where the settings say that rollouts are kept. Rejects when that cannot be; a store that is only away is no failure. */
export async function openStore(config: StoreConfig, log: Log): Promise<ControlStore> {
  const { store, state, storePasswordFile, storeTlsAuthority } = config;
  const password = await readPassword(storePasswordFile);
  const ca = storeTlsAuthority && (await readFile(storeTlsAuthority, "utf8"));
  return openControlStore({
    dir: state,
    address: store === undefined ? undefined : parseStoreAddress(store),
    password,
    sentinelPassword: process.env["CROSSFADE_STORE_SENTINEL_PASSWORD"],
    tls: ca === undefined ? undefined : { ca },
    onNotice: ({ level, message, details }) => log[level](message, { ...details }),
  });
}

async function readPassword(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env["CROSSFADE_STORE_PASSWORD"];
  return (await readFile(file, "utf8")).trim();
}
