import { readConfig } from "../server/config/read-config.ts";
import type { ConfigOf, Schema, SettingTable } from "../server/config/schema.ts";

export interface FlagInputs {
  /** As it is called, e.g. "crossfade feedback export". */
  readonly command: string;
  readonly args: readonly string[];
}

/** For a command that does one thing and ends: flags alone. Undefined after telling what is wrong with them. */
export function readFlags<Table extends SettingTable>(
  schema: Schema<Table>,
  { command, args }: FlagInputs,
): ConfigOf<Table> | undefined {
  const result = readConfig(schema, { args, env: {}, readFile: noFile });
  if ("config" in result) return result.config;
  const problems = result.problems.map((problem) => `  - ${problem}`).join("\n");
  process.stderr.write(
    `${command} is called wrongly:\n${problems}\n${command} --help lists all flags.\n`,
  );
  return undefined;
}

function noFile(): never {
  throw new Error("this command takes flags alone");
}
