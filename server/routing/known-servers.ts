import type { Endpoint } from "../../backends/endpoints/member.ts";
import { createRemote, type Remote } from "../../backends/remote/remote.ts";
import type { HeldVersion } from "../../proto/held-versions.ts";
import type { ServerAddress } from "../config/server-addresses.ts";
import type { ServersTls } from "./servers-tls.ts";

/** One server that a router knows. */
export interface KnownServer extends Endpoint {
  readonly backend: Remote;
  /** What its connections were opened with. */
  readonly tls: ServersTls | undefined;
  /** The setting that it comes from. */
  readonly origin: ServerAddress;
}

/** All servers, by address. */
export interface KnownServers {
  readonly byAddress: Map<string, KnownServer>;
  remotes(): readonly Remote[];
  /** What new connections are opened with. */
  tls(): ServersTls | undefined;
  useTls(tls: ServersTls | undefined): void;
  /** Connects; who calls puts it among the others. */
  open(address: string, origin: ServerAddress): KnownServer;
}

export interface KnownServersOptions {
  readonly connections: number;
  readonly tls: ServersTls | undefined;
  /** Versions that servers are asked to keep. */
  readonly holds: () => readonly HeldVersion[];
}

export function createKnownServers(options: KnownServersOptions): KnownServers {
  const { connections, holds } = options;
  const byAddress = new Map<string, KnownServer>();
  let { tls } = options;
  return {
    byAddress,
    remotes: () => [...byAddress.values()].map(({ backend }) => backend),
    tls: () => tls,
    useTls: (next) => (tls = next),
    open(address, origin) {
      const serverName = origin.name?.host;
      const named = tls && { ...tls, ...(serverName !== undefined && { serverName }) };
      const backend = createRemote({ address, connections, holds, ...(named && { tls: named }) });
      return { backend, class: origin.class, tls, origin };
    },
  };
}
