import { readReport } from "../read-report.ts";
import type { RouterReport } from "../../observe/router-report.ts";
import type { HeardReport } from "../control-store.ts";
import type { ReportLimits } from "../report-limits.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";
import { runScript } from "./run-script.ts";
import { leaveScript, reportScript, reportsScript, type Script } from "./scripts.ts";

export interface RedisReports {
  put(report: RouterReport): Promise<void>;
  all(): Promise<readonly HeardReport[]>;
  delete(router: string): Promise<void>;
}

export function createReports(
  connection: Connection,
  keys: Keys,
  { ttlMs, maxRouters }: ReportLimits,
): RedisReports {
  const run = (script: Script, args: readonly (string | number)[]) =>
    runScript(connection, script, { keys: [keys.reports, keys.heard], args });
  return {
    async put(report) {
      await run(reportScript, [report.router, JSON.stringify(report), ttlMs, maxRouters]);
    },
    async all() {
      const found = (await run(reportsScript, [ttlMs])) as readonly (readonly [
        router: string,
        report: string,
        silentMs: number,
      ])[];
      return found.map(([router, json, silentMs]) => ({ ...readReport(router, json), silentMs }));
    },
    async delete(router) {
      await run(leaveScript, [router]);
    },
  };
}
