import { renderHelp } from "../server/config/render-help.ts";
import { routeSchema, type RouteConfig } from "../server/config/route-schema.ts";
import { createLog, type Log } from "../server/log/log.ts";
import { startProcesses } from "../server/processes/start-processes.ts";
import { killWorkers } from "../server/processes/kill-workers.ts";
import { startRoute, type Routes } from "../server/route.ts";
import { stopOnSignals } from "../server/stop-on-signals.ts";
import type { Command } from "./command.ts";
import { readSettings } from "./read-settings.ts";
import { tellFailure } from "./tell-failure.ts";

export const route: Command = {
  summary: "routes calls to servers by weights that keep every user on one version",
  help: () => `Routes calls to servers until SIGTERM or SIGINT.

  crossfade route --servers 10.0.0.1:8500,10.0.0.2:8500
  crossfade route --servers cpu=dns:servers.music.svc:8500,cuda=dns:gpu-servers.music.svc:8500
  crossfade route --servers 10.0.0.1:8500 --store redis://10.0.0.9:6379 --processes 4

Who gets which version is changed by crossfade rollout, and kept in the store. What a model begins with can stand in a file
(--distributions); where the store holds something of the model, the file is not looked at:

  {"format": 1, "model": "playlists", "revision": 2, "salt": "spring",
   "arms": [{"name": "stable", "version": "1", "weight": 9500, "ranges": [[0, 9500]]},
            {"name": "canary", "version": "2", "weight": 500, "ranges": [[9500, 10000]]}]}

${renderHelp(routeSchema.settings)}`,
  async run(args) {
    const config = await readSettings(routeSchema, { command: "crossfade route", args });
    return config === undefined ? 2 : routeUntilStopped(config);
  },
};

async function routeUntilStopped(config: RouteConfig): Promise<number> {
  const log = createLog({ level: config.logLevel });
  const starting =
    config.processes > 1 ? startInProcesses(config, log) : startRoute(config, { log });
  // Before it listens: whoever is told that it does may send a signal at once.
  stopOnSignals(async () => (await starting).close(), { log, exit: exitWithWorkers });
  try {
    await starting;
    return 0;
  } catch (error) {
    tellFailure(log, error);
    return 1;
  }
}

function startInProcesses(config: RouteConfig, log: Log): Promise<Routes> {
  const starting = startProcesses(config, {
    log,
    gaveUp(why) {
      log.error("giving up", { why });
      void starting.then((routes) => routes.close()).finally(() => exitWithWorkers(1));
    },
  });
  return starting;
}

function exitWithWorkers(code: number): void {
  killWorkers();
  process.exit(code);
}
