import { readConfig } from "../server/config/read-config.ts";
import { routeSchema } from "../server/config/route-schema.ts";
import { createLog } from "../server/log/log.ts";
import { startRoute, type Routes } from "../server/route.ts";
import { patience } from "./open-server.fixture.ts";
import { openChannel } from "../transport/open.ts";
import type { Channel } from "../transport/transport.ts";

export interface OpenRouter extends AsyncDisposable {
  readonly routes: Routes;
  readonly channel: Channel;
  /** Every line that was logged, as JSON. */
  readonly logged: readonly string[];
}

/** A whole router, as `crossfade route ARGS` would start it, on free ports. */
export async function openRouter(args: readonly string[]): Promise<OpenRouter> {
  const ports = ["--port", "0", "--http-port", "0", "--metrics-port", "0"];
  const read = { args: [...ports, ...patience, ...args], env: {}, readFile: () => "" };
  const result = readConfig(routeSchema, read);
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  const logged: string[] = [];
  const log = createLog({ level: "info", isPretty: false, write: (line) => logged.push(line) });
  const routes = await startRoute(result.config, { log });
  await routes.started;
  const channel = openChannel(routes.address);
  return {
    routes,
    channel,
    logged,
    async [Symbol.asyncDispose]() {
      channel.close();
      await routes.close();
    },
  };
}
