import type { Host } from "../../backends/host.ts";
import type { HeldVersion } from "../../proto/held-versions.ts";
import type { ServeConfig } from "../config/serve-schema.ts";
import type { Log } from "../log/log.ts";
import type { ModelHolder } from "../model-holder.ts";
import { createModelRepository, type ModelRepository } from "./model-repository.ts";
import { createVersionsInUse, type VersionsInUse } from "./versions-in-use.ts";

export interface RepositoryParts {
  readonly host: Host;
  readonly holder: ModelHolder;
  /** What the arms of this process have. */
  readonly ownArms: () => readonly HeldVersion[];
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface OpenedRepository {
  /** Undefined: there is one bundle instead. */
  readonly models: ModelRepository | undefined;
  /** Takes what routers say that their arms have. */
  readonly hold: VersionsInUse["hold"];
}

export function openRepository(config: ServeConfig, parts: RepositoryParts): OpenedRepository {
  const { models: root, keepVersions: keep, keepUsedMs, pollMs } = config;
  if (root === undefined) return { models: undefined, hold: () => {} };
  const { host, ownArms } = parts;
  const inUse = createVersionsInUse({
    keepUsedMs,
    loaded: () => host.list(),
    ownArms,
    isOnDisk: (held) => models.isOnDisk(held),
    nowMs: () => performance.now(),
  });
  const models = createModelRepository({ ...parts, root, keep, inUse: inUse.of, pollMs });
  return { models, hold: inUse.hold };
}
