import type { ServingError } from "../proto/serving-error.ts";
import type { Backend } from "./backend.ts";
import { missingModel, unknownModel, unknownVersion } from "./identity.ts";
import { newestFirst } from "./newest-first.ts";

export interface Hosted {
  readonly model: string;
  readonly version: string;
  /** The host's from now on: it closes it. */
  readonly backend: Backend;
}

export interface ListedModel extends Hosted {
  readonly isDefault: boolean;
}

/** Which backend holds which version of which model. */
export interface HostedModels {
  /** `version` "" = the default: the newest that is ready, else the newest, which says itself why it is not. */
  find(model: string, version: string): Backend | ServingError;
  /** @returns What had the same model and version. */
  put(hosted: Hosted): Backend | undefined;
  take(model: string, version: string): Backend | undefined;
  list(): readonly ListedModel[];
}

export function createHostedModels(): HostedModels {
  /** Newest first, never empty. */
  const models = new Map<string, readonly Hosted[]>();

  return {
    find(name, version) {
      const versions = models.get(name);
      if (versions === undefined)
        return name === ""
          ? missingModel([...models.keys()])
          : unknownModel(name, [...models.keys()]);
      const hosted =
        version === "" ? defaultOf(versions) : versions.find((one) => one.version === version);
      return hosted?.backend ?? unknownVersion(name, version, namesOf(versions));
    },
    put(hosted) {
      const versions = models.get(hosted.model) ?? [];
      const replaced = versions.find((one) => one.version === hosted.version);
      const kept = versions.filter((one) => one !== replaced);
      const sorted = [...kept, hosted].toSorted((a, b) => newestFirst(a.version, b.version));
      models.set(hosted.model, sorted);
      return replaced?.backend;
    },
    take(name, version) {
      const versions = models.get(name) ?? [];
      const taken = versions.find((one) => one.version === version);
      const left = versions.filter((one) => one !== taken);
      if (left.length === 0) models.delete(name);
      else models.set(name, left);
      return taken?.backend;
    },
    list: () =>
      [...models.values()].flatMap((versions) =>
        versions.map((hosted) => ({ ...hosted, isDefault: hosted === defaultOf(versions) })),
      ),
  };
}

function defaultOf(versions: readonly Hosted[]): Hosted {
  const ready = versions.find(({ model, version, backend }) => backend.isReady(model, version));
  return ready ?? versions[0]!;
}

function namesOf(versions: readonly Hosted[]): string[] {
  return versions.map(({ version }) => version);
}
