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

interface Model {
  /** Newest first, never empty. */
  readonly versions: readonly Hosted[];
  readonly pinned: string | undefined;
}

/** Which backend holds which version of which model. */
export interface HostedModels {
  /** `version` "" = the default. */
  find(model: string, version: string): Backend | ServingError;
  /** @returns What had the same model and version. */
  put(hosted: Hosted): Backend | undefined;
  take(model: string, version: string): Backend | undefined;
  pin(model: string, version: string | undefined): void;
  list(): readonly ListedModel[];
}

export function createHostedModels(): HostedModels {
  const models = new Map<string, Model>();

  const held = (name: string): Model => {
    const model = models.get(name);
    if (model === undefined) throw unknownModel(name, [...models.keys()]);
    return model;
  };

  return {
    find(name, version) {
      const model = models.get(name);
      if (model === undefined)
        return name === ""
          ? missingModel([...models.keys()])
          : unknownModel(name, [...models.keys()]);
      const hosted =
        version === "" ? defaultOf(model) : model.versions.find((one) => one.version === version);
      return hosted?.backend ?? unknownVersion(name, version, versionsOf(model));
    },
    put(hosted) {
      const { versions = [], pinned } = models.get(hosted.model) ?? {};
      const replaced = versions.find((one) => one.version === hosted.version);
      const kept = versions.filter((one) => one !== replaced);
      const sorted = [...kept, hosted].toSorted((a, b) => newestFirst(a.version, b.version));
      models.set(hosted.model, { versions: sorted, pinned });
      return replaced?.backend;
    },
    take(name, version) {
      const model = models.get(name);
      const taken = model?.versions.find((one) => one.version === version);
      if (model === undefined || taken === undefined) return undefined;
      const versions = model.versions.filter((one) => one !== taken);
      if (versions.length === 0) models.delete(name);
      else models.set(name, { versions, pinned: model.pinned });
      return taken.backend;
    },
    pin(name, version) {
      const { versions } = held(name);
      const isHeld = version === undefined || versions.some((one) => one.version === version);
      if (!isHeld)
        throw unknownVersion(
          name,
          version,
          versions.map((one) => one.version),
        );
      models.set(name, { versions, pinned: version });
    },
    list: () =>
      [...models.values()].flatMap((model) =>
        model.versions.map((hosted) => ({ ...hosted, isDefault: hosted === defaultOf(model) })),
      ),
  };
}

/** The pinned version while it is ready, else the newest that is, else the newest, which says itself why it is not. */
function defaultOf({ versions, pinned }: Model): Hosted {
  const ready = versions.filter(({ model, version, backend }) => backend.isReady(model, version));
  return ready.find(({ version }) => version === pinned) ?? ready[0] ?? versions[0]!;
}

function versionsOf({ versions }: Model): string[] {
  return versions.map(({ version }) => version);
}
