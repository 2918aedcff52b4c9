import { readConfig } from "../server/config/read-config.ts";
import { routeSchema } from "../server/config/route-schema.ts";
import { createLog } from "../server/log/log.ts";
import { startRoute, type Routes } from "../server/route.ts";
import { openFolder, patience } from "./open-server.fixture.ts";
import { openChannel } from "../transport/open.ts";
import type { Channel } from "../transport/transport.ts";

export interface OpenRouter extends AsyncDisposable {
  readonly routes: Routes;
  readonly channel: Channel;
  /** Every line that was logged, as JSON. */
  readonly logged: readonly string[];
}

const freePorts = ["port", "http-port", "metrics-port", "admin-port", "admin-http-port"].flatMap(
  (name) => [`--${name}`, "0"],
);

/** A whole router, as `crossfade route ARGS` would start it, on free ports. */
export async function openRouter(args: readonly string[]): Promise<OpenRouter> {
  const folder = await openFolder();
  const state = args.includes("--state") ? [] : ["--state", folder.path];
  const all = [...freePorts, ...state, ...patience, ...args];
  const read = { args: all, env: {}, readFile: () => "" };
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
      await folder[Symbol.asyncDispose]();
    },
  };
}
