import type { ListeningConfig } from "../config/listening-settings.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { certificateFiles } from "../open-sockets.ts";
import type { RoutingConfig } from "../routing/routing-settings.ts";
import { startAdmin } from "./admin/start-admin.ts";
import type { Control } from "./control.ts";

/** What a process that holds rollouts is told. */
export type ControlConfig = RoutingConfig & ListeningConfig;

/** Where the admin API listens. */
export interface AdminPorts {
  /** Undefined when it is off. */
  readonly adminPort: number | undefined;
  /** Undefined when it is off. */
  readonly adminHttpPort: number | undefined;
}

export interface OpenAdmin {
  readonly ports: AdminPorts;
  readonly close: () => Promise<void>;
}

export interface AdminParts {
  readonly control: Control;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Changes are quick, and watches are told to go. */
const graceMs = 2_000;

/** The admin API as the settings want it; rejects, and listens nowhere, when any of it cannot be. */
export async function openAdmin(config: ControlConfig, parts: AdminParts): Promise<OpenAdmin> {
  const { adminPort: grpcPort, adminHttpPort: httpPort } = config;
  if (grpcPort === "off" && httpPort === "off") return noAdmin;
  const admin = await startAdmin({
    ...parts,
    host: config.adminHost,
    grpcPort,
    httpPort,
    credentials: config.adminTokens,
    certificates: certificateFiles(config),
    pollMs: config.pollMs,
  });
  return {
    ports: { adminPort: admin.grpcPort, adminHttpPort: admin.httpPort },
    close: () => admin.close(graceMs),
  };
}

const noAdmin: OpenAdmin = {
  ports: { adminPort: undefined, adminHttpPort: undefined },
  close: async () => {},
};
