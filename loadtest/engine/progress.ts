import { createHistogram } from "../histogram/create-histogram.ts";
import type { RunProgress } from "../run-progress.ts";
import { addRecords } from "./record/join-parts.ts";
import type { SentGlance } from "./threads/messages.ts";

/** What workers told of themselves, together. */
export interface ProgressBoard {
  told(worker: number, glance: SentGlance): void;
  /** The latency and the largest lag are those since it was last asked; undefined before anybody told. */
  progress(): RunProgress | undefined;
  /** How long nobody was answered, though all asked; 0 until all workers have told. */
  silentMs(): number;
}

export function createProgressBoard(workers: number, forMs: number): ProgressBoard {
  const latest: SentGlance[] = [];
  const recent = createHistogram();
  let recentLagMs = 0;

  function sum(key: "due" | "sent" | "ok" | "failed" | "inFlight"): number {
    return latest.reduce((total, glance) => total + (glance?.[key] ?? 0), 0);
  }

  return {
    told(worker, glance) {
      latest[worker] = glance;
      recentLagMs = Math.max(recentLagMs, glance.lagMs);
      for (const [ms, count] of glance.buckets) recent.record(ms, count);
    },
    progress() {
      const told = latest.filter((glance) => glance !== undefined);
      if (told.length === 0) return undefined;
      const elapsedMs = Math.max(...told.map((glance) => glance.elapsedMs));
      const { OK: _, ...codes } = addRecords(told.map((glance) => glance.codes));
      const progress = {
        elapsedMs,
        leftMs: Math.max(0, forMs - elapsedMs),
        due: sum("due"),
        sent: sum("sent"),
        ok: sum("ok"),
        failed: sum("failed"),
        inFlight: sum("inFlight"),
        codes,
        arms: addRecords(told.map((glance) => glance.arms)),
        latency: recent.snapshot(),
        lagMs: recentLagMs,
      };
      recent.clear();
      recentLagMs = 0;
      return progress;
    },
    silentMs() {
      const told = latest.filter((glance) => glance !== undefined);
      return told.length < workers ? 0 : Math.min(...told.map((glance) => glance.silentMs));
    },
  };
}
