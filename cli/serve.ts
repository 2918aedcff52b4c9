import { renderHelp } from "../server/config/render-help.ts";
import { serveSchema, type ServeConfig } from "../server/config/serve-schema.ts";
import { createLoad } from "../server/load-model.ts";
import { loadSettings } from "../server/load-settings.ts";
import { createLog } from "../server/log/log.ts";
import { startServe, type Serving } from "../server/serve.ts";
import { stopOnSignals } from "../server/stop-on-signals.ts";
import type { Command } from "./command.ts";
import { readSettings } from "./read-settings.ts";
import { tellFailure } from "./tell-failure.ts";

export const serve: Command = {
  summary: "serves the models in a folder, and follows what arrives there",
  help: () => `Serves models over gRPC until SIGTERM or SIGINT.

  crossfade serve --models DIR     DIR/<model>/<version>/, watched: a new version is served seconds after its folder arrives
  crossfade serve --bundle DIR     one bundle

${renderHelp(serveSchema.settings)}`,
  async run(args) {
    const config = await readSettings(serveSchema, { command: "crossfade serve", args });
    return config === undefined ? 2 : serveUntilStopped(config);
  },
};

async function serveUntilStopped(config: ServeConfig): Promise<number> {
  const log = createLog({ level: config.logLevel });
  const start = () => startServe(config, { log, load: createLoad(loadSettings(config, log)) });
  const starting = start();
  // Before it listens: whoever is told that it does may send a signal at once.
  stopOnSignals(async () => (await starting).close(), { log });
  let server: Serving | undefined;
  try {
    server = await starting;
    await server.started;
    return 0;
  } catch (error) {
    tellFailure(log, error);
    await server?.close();
    return 1;
  }
}
