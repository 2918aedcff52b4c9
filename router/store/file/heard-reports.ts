import type { RouterReport } from "../../observe/router-report.ts";
import type { HeardReport } from "../control-store.ts";
import type { ReportLimits } from "../report-limits.ts";

export interface HeardReports {
  put(report: RouterReport): void;
  delete(router: string): void;
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
      heard.delete(report.router);
      heard.set(report.router, { report, atMs: nowMs() });
      forget();
    },
    delete: (router) => void heard.delete(router),
    all() {
      forget();
      const now = nowMs();
      return Array.from(heard.values(), ({ report, atMs }) => ({
        ...report,
        silentMs: now - atMs,
      }));
    },
  };
}
