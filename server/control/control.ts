import type { Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Lowered } from "../../router/lowered-distribution.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";

/**
 * What the admin API needs of the process that it stands in: one that routes, or the primary of several that do. Only
 * `store` waits for anything outside of this machine.
 */
export interface Control {
  /** This router, as its reports name it. */
  readonly router: string;
  readonly store: ControlStore;
  /** The newest that was seen of the model, wherever it came from: what this router routes by. */
  rollout(model: string): Rollout | undefined;
  /** For how long this router has seen the rollout's step run; 0 when it does not hold that. */
  readonly dweltMs: (rollout: Rollout) => number;
  /** Of every model that has one. */
  rollouts(): readonly Rollout[];
  /** This router's, as of now. */
  report(): RouterReport;
  /**
   * Calls back when a rollout, the state of the store or what routers report of revisions may have changed, until the
   * returned function is called.
   */
  watch(changed: () => void): () => void;
  /** It has just been written: resolves when this router routes by it, without waiting for the store to tell. */
  take(rollout: Rollout): Promise<void>;
  /**
   * This router alone leaves all but that much of an arm to the stable one. A weight of 10,000 ends it. Rejects with
   * INVALID_ARGUMENT for the stable arm and for one that is not there, with NOT_FOUND for a model without a rollout.
   */
  lower(model: string, lowered: Lowered): Promise<void>;
}
