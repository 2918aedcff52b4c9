import { routingRulesBroken, routingSettings } from "../routing/routing-settings.ts";
import { listeningRulesBroken, listeningSettings } from "./listening-settings.ts";
import type { ConfigOf, Schema } from "./schema.ts";
import { serverAddresses } from "./server-addresses.ts";
import { optional, path, set, whole } from "./setting.ts";

const settings = {
  servers: optional(serverAddresses, "where models are served"),
  serversTlsAuthority: optional(
    path,
    "PEM file; turns TLS to servers on: their certificates must be signed by this authority, for the name that they have in servers; read again when it changes, as the next two are",
  ),
  serversTlsCertificate: optional(path, "PEM file of what this router shows to servers"),
  serversTlsKey: optional(path, "PEM file of its private key"),
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
    ...serversTlsRulesBroken(config),
    ...routingRulesBroken(config),
    ...listeningRulesBroken(config, config),
  ],
};

function serversTlsRulesBroken(
  config: Pick<RouteConfig, "serversTlsAuthority" | "serversTlsCertificate" | "serversTlsKey">,
): readonly string[] {
  const { serversTlsAuthority, serversTlsCertificate, serversTlsKey } = config;
  if ((serversTlsCertificate === undefined) !== (serversTlsKey === undefined))
    return ["serversTlsCertificate and serversTlsKey need each other"];
  return serversTlsCertificate !== undefined && serversTlsAuthority === undefined
    ? ["serversTlsCertificate needs serversTlsAuthority"]
    : [];
}
