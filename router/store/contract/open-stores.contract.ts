import type { ControlStore } from "../control-store.ts";

/** A place for rollouts that is empty at first, opened twice. */
export interface OpenedStores extends AsyncDisposable {
  readonly store: ControlStore;
  /** Another one over the same place; the same one, where a process has the place to itself. */
  readonly other: ControlStore;
}

export interface StoreTerms {
  readonly reportTtlMs?: number;
  readonly maxRouters?: number;
}

export type OpenStores = (terms?: StoreTerms) => Promise<OpenedStores>;
