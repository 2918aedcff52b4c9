import { hostname } from "node:os";
import type { RoutingConfig } from "../routing/routing-settings.ts";
import type { Addresses } from "../front.ts";

/** As it is set; else where this router listens, which no other one on the same host does. */
export function routerName(
  { routerName: set }: Pick<RoutingConfig, "routerName">,
  { address, port }: Pick<Addresses, "address" | "port">,
): string {
  return set ?? `${hostname()}:${port === 0 ? address.replace(/^unix:/, "") : port}`;
}
