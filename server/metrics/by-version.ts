import type { ServedBy } from "../../models/family.ts";

const labelNames = ["model", "version", "backend"] as const;
export type VersionLabels = Readonly<Record<(typeof labelNames)[number], string>>;

/** One thing of each version of each model that is loaded, e.g. what can be read of it when metrics are. */
export interface ByVersion<Thing> {
  readonly labelNames: typeof labelNames;
  set(by: ServedBy, thing: Thing): void;
  remove(by: ServedBy): void;
  all(): Iterable<readonly [VersionLabels, Thing]>;
}

export function createByVersion<Thing>(): ByVersion<Thing> {
  const things = new Map<string, readonly [VersionLabels, Thing]>();
  return {
    labelNames,
    set: (by, thing) => void things.set(keyOf(by), [labelsOf(by), thing]),
    remove: (by) => void things.delete(keyOf(by)),
    all: () => things.values(),
  };
}

export function labelsOf({ model, version, backend }: ServedBy): VersionLabels {
  return { model, version, backend };
}

function keyOf({ model, version, backend }: ServedBy): string {
  return JSON.stringify([model, version, backend]);
}
