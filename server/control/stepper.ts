import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { advance } from "../../router/rollout/advance.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface StepperOptions {
  readonly store: Pick<ControlStore, "write">;
  readonly followed: Pick<FollowedStore, "isUp" | "isBehind" | "isUnreadable">;
  readonly held: HeldRollouts;
  /** This router's name. */
  readonly router: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/**
 * Takes the steps whose time has come. Every router may: one of them writes, the others lose the compare-and-set and
 * hear of it like of any change. Nothing goes on by itself while the store is down, and no rollout that it lost or that cannot
 * be read there. A router takes a step that it has held for all of its time.
 */
export function createStepper(options: StepperOptions): () => Promise<void> {
  const { store, followed, held, router, log, nowMs } = options;

  async function step(rollout: Rollout): Promise<void> {
    const by = { auditId: randomUUID(), by: `router ${router}`, from: hostname() };
    const next = advance(rollout, { nowMs: nowMs(), dweltMs: held.dweltMs(rollout) }, by);
    if (next === undefined) return;
    const { model, revision } = next.distribution;
    await store.write(next, rollout.distribution.revision);
    log.info("rollout went on by itself", { model, revision, reason: next.changed.reason });
    await held.take(next);
  }

  return async () => {
    if (!followed.isUp()) return;
    const known = held.all().filter(({ distribution: { model } }) => {
      return !followed.isBehind(model) && !followed.isUnreadable(model);
    });
    await Promise.all(known.map((rollout) => step(rollout).catch((error) => complain(error, log))));
  };
}

/** Another router was first, or the store went away: the next second tells. */
function complain(thrown: unknown, log: Log): void {
  const error = ServingError.from(thrown);
  const isExpected = error.code === Code.ABORTED || error.code === Code.UNAVAILABLE;
  if (isExpected) log.debug("a step was not taken", { error });
  else log.error("a step cannot be taken", { error });
}
