import {
  planVersions,
  type FailedVersion,
  type VersionOnDisk,
  type VersionPlan,
} from "./plan-versions.ts";

/** What became of the versions of every model, as far as their folders tell them apart. */
export interface VersionStates {
  /** What is to do, by model. What failed and has left the disk is forgotten: its return is another try. */
  plan(onDisk: VersionsByModel, wanted: Wanted): ReadonlyMap<string, VersionPlan>;
  loaded(model: string, version: VersionOnDisk): void;
  failed(model: string, version: FailedVersion): void;
  unloaded(model: string, version: string): void;
  /** How many versions failed, by model, of those that have one loaded or on the disk. */
  readonly failedCounts: () => ReadonlyMap<string, number>;
}

/** Of every model. */
export interface Wanted {
  /** How many of the newest. */
  readonly keep: number;
  readonly inUse: (model: string) => ReadonlySet<string>;
}

export type VersionsByModel = ReadonlyMap<string, readonly VersionOnDisk[]>;

interface State {
  readonly loaded: readonly VersionOnDisk[];
  readonly failed: readonly FailedVersion[];
}

const fresh: State = { loaded: [], failed: [] };

export function createVersionStates(): VersionStates {
  const states = new Map<string, State>();
  const change = (model: string, to: (state: State) => State) =>
    states.set(model, to(states.get(model) ?? fresh));

  return {
    plan(onDisk, { keep, inUse }) {
      const plans = new Map<string, VersionPlan>();
      for (const model of new Set([...onDisk.keys(), ...states.keys()])) {
        const left = onDisk.get(model) ?? [];
        const { loaded, failed } = states.get(model) ?? fresh;
        const known = failed.filter((one) => left.some(({ version }) => version === one.version));
        const used = inUse(model);
        const input = { onDisk: left, loaded, failed: known, keep, inUse: used };
        plans.set(model, planVersions(input));
        if (left.length + loaded.length > 0) states.set(model, { loaded, failed: known });
        else states.delete(model);
      }
      return plans;
    },
    loaded: (model, version) =>
      change(model, ({ loaded, failed }) => ({
        loaded: [...without(loaded, version.version), version],
        failed: without(failed, version.version),
      })),
    failed: (model, version) =>
      change(model, ({ loaded, failed }) => ({
        loaded,
        failed: [...without(failed, version.version), version],
      })),
    unloaded: (model, version) =>
      change(model, ({ loaded, failed }) => ({
        loaded: without(loaded, version),
        failed: failed.filter(({ lacksRoom }) => !lacksRoom),
      })),
    failedCounts: () =>
      new Map(Array.from(states, ([model, { failed }]) => [model, failed.length])),
  };
}

function without<One extends VersionOnDisk>(list: readonly One[], version: string): readonly One[] {
  return list.filter((one) => one.version !== version);
}
