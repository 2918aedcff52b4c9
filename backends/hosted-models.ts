import { ServingError } from "../proto/serving-error.ts";
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
  /** When it was last asked for by name; -Infinity: never. */
  readonly askedMs: number;
}

/** Which backend holds which version of which model. */
export interface HostedModels {
  /** `version` "" = the default: the newest that is ready, else the newest, which says itself why it is not. */
  find(model: string, version: string): Backend | ServingError;
  /** The same, for a call that comes at `nowMs`. */
  ask(model: string, version: string, nowMs: number): Backend | ServingError;
  /** @returns What had the same model and version. */
  put(hosted: Hosted): Backend | undefined;
  take(model: string, version: string): Backend | undefined;
  list(): readonly ListedModel[];
}

interface Held extends Hosted {
  askedMs: number;
}

export function createHostedModels(): HostedModels {
  /** Newest first, never empty. */
  const models = new Map<string, readonly Held[]>();

  function find(name: string, version: string): Held | ServingError {
    const versions = models.get(name);
    if (versions === undefined)
      return name === ""
        ? missingModel([...models.keys()])
        : unknownModel(name, [...models.keys()]);
    const held =
      version === "" ? defaultOf(versions) : versions.find((one) => one.version === version);
    return held ?? unknownVersion(name, version, namesOf(versions));
  }

  return {
    find(name, version) {
      const found = find(name, version);
      return found instanceof ServingError ? found : found.backend;
    },
    ask(name, version, nowMs) {
      const found = find(name, version);
      if (found instanceof ServingError) return found;
      if (version !== "") found.askedMs = nowMs;
      return found.backend;
    },
    put(hosted) {
      const versions = models.get(hosted.model) ?? [];
      const replaced = versions.find((one) => one.version === hosted.version);
      const kept = versions.filter((one) => one !== replaced);
      const held = { ...hosted, askedMs: replaced?.askedMs ?? -Infinity };
      const sorted = [...kept, held].toSorted((a, b) => newestFirst(a.version, b.version));
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

function defaultOf(versions: readonly Held[]): Held {
  const ready = versions.find(({ model, version, backend }) => backend.isReady(model, version));
  return ready ?? versions[0]!;
}

function namesOf(versions: readonly Hosted[]): string[] {
  return versions.map(({ version }) => version);
}
