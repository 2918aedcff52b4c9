import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { Control } from "./control.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";
import { reportOf } from "./reports.ts";
import type { Routed } from "./routed.ts";
import type { Watchers } from "./watchers.ts";

export interface ControlOptions {
  /** This router's name. */
  readonly router: string;
  /** Random: tells it from others of its name. */
  readonly instance: string;
  /** When it began, by `performance.now()`. */
  readonly beganMs: number;
  readonly store: ControlStore;
  readonly followed: FollowedStore;
  readonly held: HeldRollouts;
  readonly routed: Routed;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly watchers: Pick<Watchers, "watch">;
  readonly changed: () => void;
}

export function createControl(options: ControlOptions): Control {
  const { router, store, held, routed, watchers, changed } = options;
  return {
    router,
    store,
    rollout: held.of,
    rollouts: held.all,
    dweltMs: held.dweltMs,
    report: () => reportOf(options),
    watch: watchers.watch,
    async take(rollout) {
      await held.take(rollout);
    },
    async lower(model, lowered) {
      await routed.lower(model, lowered);
      changed();
    },
  };
}
