import type { Host } from "../backends/host.ts";
import { ServingError } from "../proto/serving-error.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { Log } from "./log/log.ts";
import type { Load, LoadedVersion, LoadOptions } from "./model-version.ts";

/** Told what happens to models; `server/metrics` counts it. */
export interface ModelObserver {
  loaded(version: LoadedVersion): void;
  unloaded(version: LoadedVersion): void;
  /** A version that was found could not be loaded. */
  failed(): void;
}

/** Brings bundles into a host and takes them out again. */
export interface ModelHolder {
  /** Rejects when the bundle cannot be served; the host is then as it was. What it replaces closes by itself. */
  load(dir: string, expected?: VersionName): Promise<void>;
  /** New queries no longer reach it. It closes by itself when it has answered what it had. */
  unload(model: string, version: string): void;
  find(model: string, version: string): LoadedVersion | undefined;
  /** The one that was loaded last. */
  findAny(model: string): LoadedVersion | undefined;
}

export interface VersionName {
  readonly model: string;
  readonly version: string;
}

export interface ModelHolderOptions {
  readonly host: Host;
  readonly load: Load;
  readonly loadOptions: LoadOptions;
  readonly log: Log;
  readonly observer: ModelObserver;
}

export function createModelHolder(options: ModelHolderOptions): ModelHolder {
  const { host, load, loadOptions, log, observer } = options;
  const held = new Map<string, LoadedVersion>();

  async function loadAs(dir: string, expected: VersionName | undefined): Promise<LoadedVersion> {
    try {
      const loaded = await load(dir, loadOptions);
      await refuseStranger(dir, loaded, expected);
      return loaded;
    } catch (error) {
      observer.failed();
      throw error;
    }
  }

  /** Nobody waits for a version that goes: its last run may hang. */
  async function letGo(name: VersionName, go: () => Promise<void>): Promise<void> {
    try {
      await go();
    } catch (error) {
      log.error("a version that was let go did not close", { ...name, error });
    }
  }

  return {
    async load(dir, expected) {
      const startedMs = performance.now();
      const loaded = await loadAs(dir, expected);
      const { model, version, backend, info } = loaded;
      const tookMs = Math.round(performance.now() - startedMs);
      void letGo({ model, version }, () => host.add(loaded));
      held.set(keyOf(model, version), loaded);
      observer.loaded(loaded);
      log.info("model loaded", { model, version, backend: backend.name, ...info, tookMs });
    },
    unload(model, version) {
      const key = keyOf(model, version);
      const loaded = held.get(key);
      held.delete(key);
      void letGo({ model, version }, async () => {
        await host.remove(model, version);
        // Where it is back already, its series are those of its successor.
        if (loaded !== undefined && !held.has(key)) observer.unloaded(loaded);
        log.info("model unloaded", { model, version });
        await collectGarbage();
      });
    },
    find: (model, version) => held.get(keyOf(model, version)),
    findAny: (model) => [...held.values()].findLast((one) => one.model === model),
  };
}

function keyOf(model: string, version: string): string {
  return `${model}/${version}`;
}

/** A folder named otherwise than its bundle would be found under one name and asked for under another. */
async function refuseStranger(
  dir: string,
  { model, version, backend }: LoadedVersion,
  expected: VersionName | undefined,
): Promise<void> {
  if (expected === undefined) return;
  if (model === expected.model && version === expected.version) return;
  await backend.close();
  const holds = `${dir} holds version ${version} of model ${model}`;
  throw new ServingError("INVALID_ARGUMENT", `${holds}; name its folder ${model}/${version}`);
}
