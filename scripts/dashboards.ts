/** Writes helm/crossfade/files/dashboards from scripts/monitoring/dashboards. A test tells when they differ. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDashboard } from "./monitoring/dashboards/build-dashboard.ts";
import { dashboards } from "./monitoring/dashboards/dashboards.ts";

process.chdir(join(import.meta.dirname, ".."));
const folder = join("helm", "crossfade", "files", "dashboards");
for (const [name, dashboard] of Object.entries(dashboards))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(buildDashboard(dashboard)));
execFileSync(join("node_modules", ".bin", "oxfmt"), ["--write", folder], { stdio: "ignore" });
