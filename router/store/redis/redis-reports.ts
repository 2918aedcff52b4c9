import { withoutPredecessors } from "../../observe/namesakes.ts";
import { readReport } from "../read-report.ts";
import { readReportKey, reportKeyOf } from "../report-key.ts";
import type { RouterReport } from "../../observe/router-report.ts";
import type { HeardReport } from "../control-store.ts";
import type { ReportLimits } from "../report-limits.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";
import { runScript } from "./run-script.ts";
import { leaveScript, reportScript, reportsScript, type Script } from "./scripts.ts";

/** Whoever may write to the store may write anything: what nobody could be called would fill every answer. */
const longestName = 300;

export interface RedisReports {
  put(report: RouterReport): Promise<void>;
  all(): Promise<readonly HeardReport[]>;
  delete(router: string, instance?: string): Promise<void>;
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
      await run(reportScript, [reportKeyOf(report), JSON.stringify(report), ttlMs, maxRouters]);
    },
    async all() {
      const found = (await run(reportsScript, [ttlMs])) as readonly (readonly [
        key: string,
        report: string,
        silentMs: number,
      ])[];
      const all = found
        .filter(([key]) => key.length <= longestName)
        .map(([key, json, silentMs]) => {
          const named = readReportKey(key);
          return { ...readReport(named.router, json), ...named, silentMs };
        });
      return withoutPredecessors(all);
    },
    async delete(router, instance) {
      await run(leaveScript, [reportKeyOf({ router, instance })]);
    },
  };
}
