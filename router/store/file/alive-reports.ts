import type { RouterReport } from "../../observe/router-report.ts";

export interface AliveReports {
  put(report: RouterReport): void;
  delete(router: string): void;
  all(): readonly RouterReport[];
}

/** Forgets who has not been heard of for a while. */
export function createAliveReports(ttlMs: number, nowMs: () => number): AliveReports {
  const heard = new Map<string, { readonly report: RouterReport; readonly atMs: number }>();

  function forget(): void {
    const oldestMs = nowMs() - ttlMs;
    for (const [router, { atMs }] of heard) if (atMs < oldestMs) heard.delete(router);
  }

  return {
    put(report) {
      forget();
      heard.set(report.router, { report, atMs: nowMs() });
    },
    delete: (router) => void heard.delete(router),
    all() {
      forget();
      return Array.from(heard.values(), ({ report }) => report);
    },
  };
}
