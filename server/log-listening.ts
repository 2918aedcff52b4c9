import type { AdminPorts } from "./control/open-admin.ts";
import type { Addresses } from "./front.ts";
import type { Fields, Log } from "./log/log.ts";

/** Where everything of this process is to be found. */
export function logListening(log: Log, at: Addresses & Partial<AdminPorts>, more?: Fields): void {
  const hasAdmin = at.adminPort !== undefined || at.adminHttpPort !== undefined;
  log.info("listening", {
    grpc: at.address,
    httpPort: at.httpPort ?? "off",
    metricsPort: at.metricsPort ?? "off",
    ...(hasAdmin && { adminPort: at.adminPort ?? "off", adminHttpPort: at.adminHttpPort ?? "off" }),
    ...more,
  });
}
