import { createHistogram } from "../histogram/create-histogram.ts";
import type { RunProgress } from "../run-progress.ts";
import { addRecords } from "./record/join-parts.ts";

/** What workers, or agents, told of themselves, together. */
export interface ProgressBoard {
  told(who: number, progress: RunProgress): void;
  /** The latency and the largest lag are those since it was last asked; undefined before anybody told. */
  progress(): RunProgress | undefined;
}

export function createProgressBoard(): ProgressBoard {
  const latest = new Map<number, RunProgress>();
  const recent = createHistogram();
  let recentLagMs = 0;
  return {
    told(who, progress) {
      latest.set(who, progress);
      recent.add(progress.latency);
      recentLagMs = Math.max(recentLagMs, progress.lagMs);
    },
    progress() {
      if (latest.size === 0) return undefined;
      const joined = {
        ...join([...latest.values()]),
        latency: recent.snapshot(),
        lagMs: recentLagMs,
      };
      recent.clear();
      recentLagMs = 0;
      return joined;
    },
  };
}

function join(all: readonly RunProgress[]): Omit<RunProgress, "latency" | "lagMs"> {
  const { due, sent, ok, failed, inFlight } = addRecords(
    all.map(({ due, sent, ok, failed, inFlight }) => ({ due, sent, ok, failed, inFlight })),
  ) as Record<"due" | "sent" | "ok" | "failed" | "inFlight", number>;
  return {
    elapsedMs: Math.max(...all.map(({ elapsedMs }) => elapsedMs)),
    leftMs: Math.max(...all.map(({ leftMs }) => leftMs)),
    due,
    sent,
    ok,
    failed,
    inFlight,
    codes: addRecords(all.map(({ codes }) => codes)),
    arms: addRecords(all.map(({ arms }) => arms)),
  };
}
