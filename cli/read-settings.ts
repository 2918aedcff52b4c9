import { readFileSync } from "node:fs";
import { checkFiles, type CheckedConfig } from "../server/check-files.ts";
import { readConfig } from "../server/config/read-config.ts";
import type { ConfigOf, Schema, SettingTable } from "../server/config/schema.ts";

export interface SettingInputs {
  /** As it is called, e.g. "crossfade serve". */
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * For a command that serves: flags, environment and file, and whether what they name can be read. Undefined after telling
 * all that is wrong.
 */
export async function readSettings<Table extends SettingTable>(
  schema: Schema<Table>,
  { command, args }: SettingInputs,
): Promise<ConfigOf<Table> | undefined> {
  const result = readConfig(schema, { args, env: process.env, readFile });
  if ("problems" in result) return complain(command, result.problems);
  const problems = await checkFiles(result.config as CheckedConfig);
  return problems.length > 0 ? complain(command, problems) : result.config;
}

function readFile(path: string): string {
  return readFileSync(path, "utf8");
}

function complain(command: string, problems: readonly string[]): undefined {
  const lines = problems.map((problem) => `  - ${problem}`).join("\n");
  process.stderr.write(
    `${command} cannot start:\n${lines}\n${command} --help lists all settings.\n`,
  );
  return undefined;
}
