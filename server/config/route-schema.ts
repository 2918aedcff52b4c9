import { routingRulesBroken, routingSettings } from "../routing/routing-settings.ts";
import { listeningRulesBroken, listeningSettings } from "./listening-settings.ts";
import type { ConfigOf, Schema } from "./schema.ts";
import { serverAddresses } from "./server-addresses.ts";
import { optional, set, whole } from "./setting.ts";

const settings = {
  servers: optional(serverAddresses, "where models are served"),
  connections: set(whole({ min: 1, max: 64 }), 2, "connections to each server"),
  processes: set(
    whole({ min: 1, max: 64 }),
    1,
    "processes that share the ports; limits of connections, calls and memory are those of each",
  ),
  ...routingSettings({ grpc: 8_503, http: 8_504 }),
  ...listeningSettings,
};

/** The settings of `crossfade route`. */
export type RouteConfig = ConfigOf<typeof settings>;

/** Everything that `crossfade route` can be told. */
export const routeSchema: Schema<typeof settings> = {
  settings,
  rulesBroken: (config) => [
    ...(config.servers === undefined ? ["nothing to route to: give servers"] : []),
    ...routingRulesBroken(config),
    ...listeningRulesBroken(config, config),
  ],
};
