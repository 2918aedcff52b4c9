import { readConfig } from "../../server/config/read-config.ts";
import { serveSchema, type ServeConfig } from "../../server/config/serve-schema.ts";

/** As `crossfade serve` reads its flags, but throws for what is wrong with them. */
export function readServeConfig(flags: readonly string[]): ServeConfig {
  const result = readConfig(serveSchema, { args: flags, env: {}, readFile: () => "" });
  if ("config" in result) return result.config;
  throw new Error(result.problems.join("\n"));
}
