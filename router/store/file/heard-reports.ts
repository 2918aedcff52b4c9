import type { RouterReport } from "../../observe/router-report.ts";
import { withoutPredecessors } from "../../observe/namesakes.ts";
import { reportKeyOf } from "../report-key.ts";
import type { HeardReport } from "../control-store.ts";
import type { ReportLimits } from "../report-limits.ts";

export interface HeardReports {
  put(report: RouterReport): void;
  delete(router: string, instance?: string): void;
  all(): readonly HeardReport[];
}

/** The newest of each router, and when it was heard. */
export function createHeardReports(
  { ttlMs, maxRouters }: ReportLimits,
  nowMs: () => number,
): HeardReports {
  /** Who was not heard of for longest comes first. */
  const heard = new Map<string, { readonly report: RouterReport; readonly atMs: number }>();

  function forget(): void {
    const oldestMs = nowMs() - ttlMs;
    for (const [router, { atMs }] of heard)
      if (atMs < oldestMs || heard.size > maxRouters) heard.delete(router);
  }

  return {
    put(report) {
      const key = reportKeyOf(report);
      heard.delete(key);
      heard.set(key, { report, atMs: nowMs() });
      forget();
    },
    delete: (router, instance) => void heard.delete(reportKeyOf({ router, instance })),
    all() {
      forget();
      const now = nowMs();
      const all = Array.from(heard.values(), ({ report, atMs }) => ({
        ...report,
        silentMs: now - atMs,
      }));
      return withoutPredecessors(all);
    },
  };
}
