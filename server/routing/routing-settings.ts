import { isLoopback } from "../config/is-loopback.ts";
import type { ListeningConfig } from "../config/listening-settings.ts";
import { bytes, optional, orWord, path, port, set, text, waitingTime } from "../config/setting.ts";
import type { ConfigOf } from "../config/schema.ts";
import { storeUrl, storeUrlMisfit } from "../config/store-url.ts";

/** What a process that holds a router can be told about it. */
const settings = {
  distributions: optional(
    path,
    "JSON file of who gets which version, to begin with: written to the store where it holds nothing of a model",
  ),
  store: optional(
    storeUrl,
    "where rollouts are kept, for several routers; without it in the state folder. Its password may be in CROSSFADE_STORE_PASSWORD",
  ),
  storePasswordFile: optional(
    path,
    "file with the store's password; that of sentinels may be in CROSSFADE_STORE_SENTINEL_PASSWORD",
  ),
  storeTlsAuthority: optional(
    path,
    "PEM file; the store's certificate must be signed by this authority (with rediss://)",
  ),
  state: set(
    path,
    ".crossfade/state",
    "folder of this router alone: rollouts when there is no store, and what it routed by last",
  ),
  routerName: optional(
    text("a name that no other router has"),
    "what this router is called where routers are listed; else its host and port",
  ),
  adminHost: set(
    text("a host name or an address"),
    "127.0.0.1",
    "where the admin ports listen; other machines need TLS and adminTokens",
  ),
  adminTokens: optional(
    path,
    "file of who may look, change and administer; read again when it changes. Without it whoever is on this machine may do everything",
  ),
  overrideTokenFile: optional(
    path,
    "file with the bearer token of those who may choose an arm themselves; without it nobody may",
  ),
  cacheMs: set(waitingTime, 0, "how long an answer may be given again; 0 turns the cache off"),
  cacheBytes: set(bytes({ min: 2 ** 16, max: 2 ** 40 }), 64 * 2 ** 20, "memory of that cache"),
};

/** @param standard Ports of the admin API. */
export function routingSettings<const Port extends number | "off">(standard: {
  readonly grpc: Port;
  readonly http: Port;
}) {
  const adminPort = orWord("off", port);
  return {
    ...settings,
    adminPort: set(adminPort, standard.grpc, "gRPC port of crossfade rollout"),
    adminHttpPort: set(adminPort, standard.http, "the same as JSON"),
  };
}

export type RoutingConfig = ConfigOf<ReturnType<typeof routingSettings>>;

/** A process that serves routes as well, between its own versions, when it is told how. */
export function isRouting(config: RoutingConfig): boolean {
  const { distributions, store, adminPort, adminHttpPort } = config;
  const hasAdmin = adminPort !== "off" || adminHttpPort !== "off";
  return distributions !== undefined || store !== undefined || hasAdmin;
}

/** See `Schema.rulesBroken`. */
export function routingRulesBroken(config: RoutingConfig & ListeningConfig): readonly string[] {
  const { adminHost, adminPort, adminHttpPort, adminTokens, tlsCertificate } = config;
  const isOff = adminPort === "off" && adminHttpPort === "off";
  const isGuarded = adminTokens !== undefined && tlsCertificate !== undefined;
  const rules: readonly (readonly [isBroken: boolean, complaint: string])[] = [
    [
      !isOff && !isLoopback(adminHost) && !isGuarded,
      `adminHost ${adminHost} lets other machines change weights: give adminTokens, tlsCertificate and tlsKey, or leave it at 127.0.0.1`,
    ],
    [isOff && adminTokens !== undefined, "adminTokens needs adminPort or adminHttpPort"],
    [
      config.storePasswordFile !== undefined && config.store === undefined,
      "storePasswordFile needs store",
    ],
    [
      config.storeTlsAuthority !== undefined && config.store?.startsWith("rediss") !== true,
      "storeTlsAuthority needs a store by TLS: rediss instead of redis",
    ],
  ];
  const misfit = storeUrlMisfit(config.store);
  const broken = rules.filter(([isBroken]) => isBroken).map(([, complaint]) => complaint);
  return misfit === undefined ? broken : [...broken, misfit];
}

/** What is set for a router that is not there. */
export function needlessRouting(config: RoutingConfig): readonly string[] {
  if (isRouting(config)) return [];
  const reason = "needs a router; give distributions, store or adminPort";
  const given = {
    cacheMs: config.cacheMs > 0,
    overrideTokenFile: config.overrideTokenFile !== undefined,
    routerName: config.routerName !== undefined,
  };
  return Object.entries(given)
    .filter(([, isGiven]) => isGiven)
    .map(([name]) => `${name} ${reason}`);
}
