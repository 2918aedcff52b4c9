import { bytes, optional, orWord, path, port, set, waitingTime } from "../config/setting.ts";
import type { ConfigOf } from "../config/schema.ts";

/** What a process that holds a router can be told about it. */
export const routingSettings = {
  distributions: optional(path, "JSON file of who gets which version; watched"),
  adminPort: set(
    orWord("off", port),
    "off",
    "HTTP port, on this machine only, where distributions are read and applied",
  ),
  overrideTokenFile: optional(
    path,
    "file with the bearer token of those who may choose an arm themselves; without it nobody may",
  ),
  cacheMs: set(waitingTime, 0, "how long an answer may be given again; 0 turns the cache off"),
  cacheBytes: set(bytes({ min: 2 ** 16, max: 2 ** 40 }), 64 * 2 ** 20, "memory of that cache"),
};

export type RoutingConfig = ConfigOf<typeof routingSettings>;

/** A process that serves routes as well, between its own versions, when it is told how. */
export function isRouting({ distributions, adminPort }: RoutingConfig): boolean {
  return distributions !== undefined || adminPort !== "off";
}

/** What is set for a router that is not there. */
export function needlessRouting(config: RoutingConfig): readonly string[] {
  if (isRouting(config)) return [];
  const reason = "needs a router; give distributions or adminPort";
  return [
    ...(config.cacheMs > 0 ? [`cacheMs ${reason}`] : []),
    ...(config.overrideTokenFile !== undefined ? [`overrideTokenFile ${reason}`] : []),
  ];
}
