import { readFileSync } from "node:fs";
import { readConfig } from "../server/config/read-config.ts";
import { renderHelp } from "../server/config/render-help.ts";
import { routeSchema, type RouteConfig } from "../server/config/route-schema.ts";
import { createLog, type Log } from "../server/log/log.ts";
import { startProcesses } from "../server/processes/start-processes.ts";
import { startRoute } from "../server/route.ts";
import { stopOnSignals } from "../server/stop-on-signals.ts";
import type { Command } from "./command.ts";

export const route: Command = {
  summary: "routes calls to servers by weights that keep every user on one version",
  help: () => `Routes calls to servers until SIGTERM or SIGINT.

  crossfade route --servers 10.0.0.1:8500,10.0.0.2:8500 --distributions weights.json

weights.json says who gets which version; a change is applied when its revision is higher:

  {"format": 1, "model": "playlists", "revision": 2, "salt": "spring",
   "arms": [{"name": "stable", "version": "1", "weight": 9500, "ranges": [[0, 9500]]},
            {"name": "canary", "version": "2", "weight": 500, "ranges": [[9500, 10000]]}]}

${renderHelp(routeSchema.settings)}`,
  async run(args) {
    const result = readConfig(routeSchema, {
      args,
      env: process.env,
      readFile: (path) => readFileSync(path, "utf8"),
    });
    if ("config" in result) return routeUntilStopped(result.config);
    const problems = result.problems.map((problem) => `  - ${problem}`).join("\n");
    process.stderr.write(
      `crossfade route cannot start:\n${problems}\ncrossfade route --help lists all settings.\n`,
    );
    return 2;
  },
};

async function routeUntilStopped(config: RouteConfig): Promise<number> {
  const log = createLog({ level: config.logLevel });
  try {
    if (config.processes > 1) await routeInProcesses(config, log);
    else await routeHere(config, log);
    return 0;
  } catch (error) {
    log.error("cannot start", { error });
    return 1;
  }
}

async function routeHere(config: RouteConfig, log: Log): Promise<void> {
  const routes = await startRoute(config, { log });
  stopOnSignals(() => routes.close(), { log });
}

async function routeInProcesses(config: RouteConfig, log: Log): Promise<void> {
  const routes = await startProcesses(config, {
    log,
    gaveUp(why) {
      log.error("giving up", { why });
      void routes.close().finally(() => process.exit(1));
    },
  });
  const exit = (code: number) => {
    routes.kill();
    process.exit(code);
  };
  stopOnSignals(() => routes.close(), { log, exit });
}
