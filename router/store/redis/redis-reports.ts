import { readReport } from "../read-report.ts";
import type { RouterReport } from "../../observe/router-report.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";
import { runScript } from "./run-script.ts";
import { leaveScript, reportScript, reportsScript, type Script } from "./scripts.ts";

export interface RedisReports {
  put(report: RouterReport): Promise<void>;
  all(): Promise<readonly RouterReport[]>;
  delete(router: string): Promise<void>;
}

export function createReports(connection: Connection, keys: Keys, ttlMs: number): RedisReports {
  const run = (script: Script, args: readonly (string | number)[]) =>
    runScript(connection, script, { keys: [keys.reports, keys.heard], args });
  return {
    async put(report) {
      await run(reportScript, [report.router, JSON.stringify(report), ttlMs]);
    },
    async all() {
      const found = (await run(reportsScript, [ttlMs])) as readonly string[];
      return found.flatMap((router, i) => (i % 2 === 0 ? [readReport(router, found[i + 1]!)] : []));
    },
    async delete(router) {
      await run(leaveScript, [router]);
    },
  };
}
