import type { Endpoints } from "../../backends/endpoints/endpoints.ts";
import type { Endpoint } from "../../backends/endpoints/member.ts";
import type { Remote } from "../../backends/remote/remote.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Router } from "../../router/router.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import type { HttpModels } from "../http/http-models.ts";
import type { Log } from "../log/log.ts";
import type { LookUp } from "./follow-name.ts";
import { followServersOf, followServersTls } from "./follow-servers.ts";
import { createKnownServers } from "./known-servers.ts";
import { markDefaults } from "./mark-defaults.ts";
import { readServersTls } from "./servers-tls.ts";

/** The servers behind a router. */
export interface Servers {
  /** Those that have an address of their own. */
  readonly endpoints: readonly Endpoint[];
  readonly models: HttpModels;
  /** Resolves when every one has been heard of, or has been found missing; those that names stand for too. */
  readonly looked: Promise<void>;
  /** Adds and removes those that names stand for, until the signal aborts. */
  follow(endpoints: Pick<Endpoints, "add" | "remove">, signal: AbortSignal): Promise<void>;
}

export interface ServersParts {
  /** Undefined until there is one. */
  readonly router: () => Router | undefined;
  readonly log: Log;
  /** How names are looked up. Default: as the system does. */
  readonly lookUp?: LookUp;
}

/** Rejects when the files of TLS cannot be used. */
export async function openServers(
  config: RouteConfig,
  { router, log, lookUp }: ServersParts,
): Promise<Servers> {
  const { servers = [], connections, pollMs } = config;
  const holds = () => router()?.versions() ?? [];
  const known = createKnownServers({ connections, tls: await readServersTls(config), holds });
  for (const origin of servers.filter(({ name }) => name === undefined))
    known.byAddress.set(origin.address, known.open(origin.address, origin));
  const first = [...known.byAddress.values()];
  let resolveLooked!: (at: Promise<void>) => void;
  const looked = new Promise<void>((resolve) => (resolveLooked = resolve));
  return {
    endpoints: first,
    models: modelsOf(() => known.remotes(), router),
    looked,
    async follow(endpoints, signal) {
      const options = { known, endpoints, pollMs, log, signal, ...(lookUp && { lookUp }) };
      const names = servers.filter(({ name }) => name !== undefined);
      const followed = names.map((origin) => followServersOf(origin, options));
      const all = [...first.map(({ backend }) => backend), ...followed];
      resolveLooked(Promise.all(all.map((one) => one.looked)).then(() => {}));
      const done = followed.map((one) => one.done);
      await Promise.all([followServersTls(config, options), ...done]);
    },
  };
}

/** What the servers list, each version once: ready when any of them is. */
function modelsOf(remotes: () => readonly Remote[], router: () => Router | undefined): HttpModels {
  const list = () => {
    const versions = new Map<string, ModelVersion>();
    for (const listed of remotes().flatMap((remote) => remote.listed())) {
      const key = `${listed.model}/${listed.version}`;
      if (versions.get(key)?.ready !== true) versions.set(key, listed);
    }
    return markDefaults([...versions.values()], router());
  };
  return {
    list,
    idType(model, version) {
      const fits = (one: ModelVersion) =>
        one.model === model && (version === "" || one.version === version);
      const found = list().find(fits);
      return found && (found.idType === "int" ? "int" : "string");
    },
  };
}
