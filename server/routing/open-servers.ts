import type { Endpoint } from "../../backends/endpoints/member.ts";
import { createRemote, type Remote } from "../../backends/remote/remote.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Router } from "../../router/router.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import type { HttpModels } from "../http/http-models.ts";
import { markDefaults } from "./mark-defaults.ts";

/** The servers behind a router. */
export interface Servers {
  readonly endpoints: readonly Endpoint[];
  readonly models: HttpModels;
  /** Resolves when every one has been heard of, or has been found missing. */
  readonly looked: Promise<void>;
}

/** @param router Undefined until there is one. */
export function openServers(
  { servers = [], connections }: RouteConfig,
  router: () => Router | undefined,
): Servers {
  const holds = () => router()?.versions() ?? [];
  const remotes = servers.map(({ address }) => createRemote({ address, connections, holds }));
  return {
    endpoints: remotes.map((backend, i) => ({ backend, class: servers[i]!.class })),
    models: modelsOf(remotes, router),
    looked: Promise.all(remotes.map((remote) => remote.looked)).then(() => {}),
  };
}

/** What the servers list, each version once: ready when any of them is. */
function modelsOf(remotes: readonly Remote[], router: () => Router | undefined): HttpModels {
  const list = () => {
    const versions = new Map<string, ModelVersion>();
    for (const listed of remotes.flatMap((remote) => remote.listed())) {
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
