import type { ControlStore, HeardReport } from "../../router/store/control-store.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";
import { isSilent } from "../../router/observe/silence.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";
import type { Routed } from "./routed.ts";

export interface ReportOptions {
  /** This router's name. */
  readonly router: string;
  /** Random: tells it from others of its name. */
  readonly instance: string;
  /** When it began, by `performance.now()`. */
  readonly beganMs: number;
  readonly routed: Pick<Routed, "report">;
  readonly held: HeldRollouts;
  readonly followed: Pick<FollowedStore, "isBehind">;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** This router, as of now. What the store lost goes with it, so that any router can write it back. */
export function reportOf(options: ReportOptions): RouterReport {
  const { router, instance, beganMs, routed, held, followed, nowMs } = options;
  const models = Object.entries(routed.report()).map(([model, report]) => {
    const rollout = followed.isBehind(model) ? held.of(model) : undefined;
    return [model, rollout === undefined ? report : { ...report, rollout }] as const;
  });
  const aliveMs = Math.floor(performance.now() - beganMs);
  return { router, instance, aliveMs, atMs: nowMs(), models: Object.fromEntries(models) };
}

export interface WatchReportsOptions {
  readonly store: Pick<ControlStore, "reports">;
  readonly isWatched: () => boolean;
  readonly changed: () => void;
}

/** Tells when routers report other revisions than before, come, go or fall silent; asks nobody while nobody watches. */
export function watchReports({ store, isWatched, changed }: WatchReportsOptions) {
  let before: string | undefined;
  return async (): Promise<void> => {
    if (!isWatched()) return;
    const reports = await store.reports().catch(() => undefined);
    if (reports === undefined) return;
    const now = reports.map(revisions).toSorted().join("\n");
    if (before !== undefined && now !== before) changed();
    before = now;
  };
}

function revisions({ router, models, silentMs }: HeardReport): string {
  const silence = isSilent({ silentMs }) ? " (silent)" : "";
  const each = Object.entries(models).map(
    ([model, { revision, lowered }]) =>
      `${model}=${revision}${lowered ? `(${lowered.arm} ${lowered.weight})` : ""}`,
  );
  return `${router}${silence} ${each.toSorted().join(" ")}`;
}
