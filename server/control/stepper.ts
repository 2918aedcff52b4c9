import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";
import { advance, dwellOf } from "../../router/rollout/advance.ts";
import { observeCanary } from "../../router/rollout/observe-canary.ts";
import type { ObservedCanary, Rollout } from "../../router/rollout/rollout.ts";
import { standsStill } from "../../router/rollout/stands-still.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface StepperOptions {
  readonly store: Pick<ControlStore, "write">;
  readonly followed: Pick<FollowedStore, "isUp" | "isBehind" | "isUnreadable">;
  readonly held: HeldRollouts;
  /** Of all routers that live. */
  readonly reports: () => Promise<readonly RouterReport[]>;
  /** This router's name. */
  readonly router: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/**
 * Takes the steps whose time has come. Every router may: one of them writes, the others lose the compare-and-set and
 * hear of it like of any change. Nothing goes on by itself while the store is down, and no rollout that it lost or that cannot
 * be read there; and none whose canary's version no server holds. A router takes a step that it has held for all of its time.
 */
export function createStepper(options: StepperOptions): () => Promise<void> {
  const { store, followed, held, reports, router, log, nowMs } = options;
  const told = new Map<string, number>();

  async function step(rollout: Rollout): Promise<void> {
    const dweltMs = held.dweltMs(rollout);
    if (dweltMs < (dwellOf(rollout) ?? Infinity)) return;
    const canary = observeCanary(rollout, await reports());
    tell(rollout, canary);
    const by = { auditId: randomUUID(), by: `router ${router}`, from: hostname() };
    const next = advance(rollout, { nowMs: nowMs(), dweltMs, canary }, by);
    if (next === undefined) return;
    const { model, revision } = next.distribution;
    await store.write(next, rollout.distribution.revision);
    log.info("rollout went on by itself", { model, revision, reason: next.changed.reason });
    await held.take(next);
  }

  /** Once for each revision. */
  function tell(rollout: Rollout, canary: ObservedCanary): void {
    const { model, revision } = rollout.distribution;
    const why = standsStill(rollout, { canary });
    if (why === undefined || told.get(model) === revision) return;
    told.set(model, revision);
    log.warn("rollout stands still", { model, revision, why });
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
