import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Log } from "../log/log.ts";
import type { ModelHolder, VersionName } from "../model-holder.ts";
import { isIntact } from "./is-intact.ts";
import type { VersionOnDisk, VersionPlan } from "./plan-versions.ts";
import { scanModels } from "./scan-models.ts";
import { createVersionStates, type VersionsByModel } from "./version-states.ts";

export interface ModelRepositoryOptions {
  /** Holds <model>/<version>/. */
  readonly root: string;
  readonly holder: ModelHolder;
  /** How many of the newest versions of each model stay loaded. */
  readonly keep: number;
  /** Versions of a model that stay loaded besides. */
  readonly inUse: (model: string) => ReadonlySet<string>;
  readonly pollMs: number;
  readonly log: Log;
  /** Ends the watching, and a load under way as soon as the load can. */
  readonly signal: AbortSignal;
}

/** Keeps what is loaded in step with a folder of models. */
export interface ModelRepository {
  /** Loads and unloads what the folder demands now, one version at a time. Never rejects. */
  refresh(): Promise<void>;
  /** Refreshes every `pollMs` until the signal aborts. */
  follow(): Promise<void>;
  /** As of the last look. */
  isOnDisk(name: VersionName): boolean;
  /** By model: how many versions could not be loaded, as of the last look. */
  unloadable(): ReadonlyMap<string, number>;
}

const goneThoughUsed = "a version in use is unloaded, since its folder is gone";

export function createModelRepository(options: ModelRepositoryOptions): ModelRepository {
  const { root, holder, keep, inUse, log, signal } = options;
  const states = createVersionStates();
  const tellKept = createKeptLog(log);
  let known: VersionsByModel = new Map();
  let lastComplaint = "";

  /** Unloads what may go, then does one load. False when there was none to do. */
  async function step(onDisk: VersionsByModel): Promise<boolean> {
    const plans = states.plan(onDisk, { keep, inUse });
    for (const [model, { unload, kept }] of plans) {
      tellKept(model, kept);
      for (const version of unload) {
        if (inUse(model).has(version)) log.warn(goneThoughUsed, { model, version });
        letGo(model, version);
      }
    }
    const model = mostWanting(plans);
    if (model === undefined) return false;
    await load(model, plans.get(model)!.load[0]!);
    return true;
  }

  function letGo(model: string, version: string): void {
    states.unloaded(model, version);
    holder.unload(model, version);
  }

  async function load(model: string, onDisk: VersionOnDisk): Promise<void> {
    const { version } = onDisk;
    try {
      await holder.load(join(root, model, version), { model, version });
      states.loaded(model, onDisk);
    } catch (error) {
      states.failed(model, { ...onDisk, lacksRoom: isForRoom(error) });
      if (!signal.aborted)
        log.error("model not loaded; what was loaded stays", { model, version, error });
    }
  }

  async function dropOverwritten(model: string, { version }: VersionOnDisk): Promise<void> {
    const held = holder.find(model, version);
    if (held !== undefined && !(await isIntact(held, { log, signal }))) letGo(model, version);
  }

  async function refresh(): Promise<void> {
    try {
      const onDisk = await scanModels(root);
      known = onDisk;
      lastComplaint = "";
      for (const [model, versions] of onDisk)
        for (const version of versions) await dropOverwritten(model, version);
      while (!signal.aborted && (await step(onDisk)));
    } catch (error) {
      const isNew = String(error) !== lastComplaint;
      if (isNew) log.error("models not refreshed; what was loaded stays", { root, error });
      lastComplaint = String(error);
    }
  }

  return {
    refresh,
    isOnDisk: (name) => holds(known, name),
    unloadable: states.failedCounts,
    follow: () => follow(options, refresh),
  };
}

function isForRoom(error: unknown): boolean {
  return error instanceof ServingError && error.code === Code.RESOURCE_EXHAUSTED;
}

function holds(known: VersionsByModel, { model, version }: VersionName): boolean {
  return known.get(model)?.some((one) => one.version === version) === true;
}

async function follow(
  { pollMs, signal }: ModelRepositoryOptions,
  refresh: () => Promise<void>,
): Promise<void> {
  while (await delay(pollMs, true, { signal, ref: false }).catch(() => false)) await refresh();
}

/** Says once of each version that its users keep it. */
function createKeptLog(log: Log): (model: string, kept: readonly string[]) => void {
  const told = new Map<string, readonly string[]>();
  return (model, kept) => {
    for (const version of kept)
      if (!told.get(model)?.includes(version))
        log.info("an older version stays loaded: it is in use", { model, version });
    if (kept.length === 0) told.delete(model);
    else told.set(model, kept);
  };
}

/** Every model gets its newest version before any gets its second. */
function mostWanting(plans: ReadonlyMap<string, VersionPlan>): string | undefined {
  const wanting = Array.from(plans).filter(([, { load }]) => load.length > 0);
  const [first] = wanting.toSorted(([, a], [, b]) => b.load.length - a.load.length);
  return first?.[0];
}
