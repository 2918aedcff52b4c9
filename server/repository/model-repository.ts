import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log/log.ts";
import type { ModelHolder } from "../model-holder.ts";
import { isIntact } from "./is-intact.ts";
import type { VersionOnDisk, VersionPlan } from "./plan-versions.ts";
import { scanModels } from "./scan-models.ts";
import { createVersionStates, type VersionsByModel } from "./version-states.ts";

export interface ModelRepositoryOptions {
  /** Holds <model>/<version>/. */
  readonly root: string;
  readonly holder: ModelHolder;
  /** Versions of each model that stay loaded. */
  readonly keep: number;
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
}

export function createModelRepository(options: ModelRepositoryOptions): ModelRepository {
  const { root, holder, keep, pollMs, log, signal } = options;
  const states = createVersionStates();
  let lastComplaint = "";

  /** Unloads what may go, then does one load. False when there was none to do. */
  async function step(onDisk: VersionsByModel): Promise<boolean> {
    const plans = states.plan(onDisk, keep);
    for (const [model, { unload }] of plans)
      for (const version of unload) {
        states.unloaded(model, version);
        holder.unload(model, version);
      }
    const model = mostWanting(plans);
    if (model === undefined) return false;
    await load(model, plans.get(model)!.load[0]!);
    return true;
  }

  async function load(model: string, onDisk: VersionOnDisk): Promise<void> {
    const { version } = onDisk;
    try {
      await holder.load(join(root, model, version), { model, version });
      states.loaded(model, onDisk);
    } catch (error) {
      states.failed(model, onDisk);
      if (!signal.aborted)
        log.error("model not loaded; what was loaded stays", { model, version, error });
    }
  }

  async function dropOverwritten(model: string, { version }: VersionOnDisk): Promise<void> {
    const held = holder.find(model, version);
    if (held === undefined || (await isIntact(held, { log, signal }))) return;
    states.unloaded(model, version);
    holder.unload(model, version);
  }

  async function refresh(): Promise<void> {
    try {
      const onDisk = await scanModels(root);
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
    async follow() {
      while (await delay(pollMs, true, { signal, ref: false }).catch(() => false)) await refresh();
    },
  };
}

/** Every model gets its newest version before any gets its second. */
function mostWanting(plans: ReadonlyMap<string, VersionPlan>): string | undefined {
  const wanting = Array.from(plans).filter(([, { load }]) => load.length > 0);
  const [first] = wanting.toSorted(([, a], [, b]) => b.load.length - a.load.length);
  return first?.[0];
}
