import type { ConfigOf, Schema, SettingTable } from "./schema.ts";
import { fromEnvironment, fromFile, fromFlags, type Given, type Source } from "./sources.ts";

export interface ConfigInputs {
  /** What follows the command's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Throws when there is no such file. */
  readonly readFile: (path: string) => string;
}

/** A configuration, or everything that is wrong with it. */
export type ConfigResult<Config> =
  | { readonly config: Config }
  | { readonly problems: readonly string[] };

/** Flags win over the environment, which wins over the file, which wins over the defaults; a loser is checked too. */
export function readConfig<Table extends SettingTable>(
  schema: Schema<Table>,
  { args, env, readFile }: ConfigInputs,
): ConfigResult<ConfigOf<Table>> {
  const { settings } = schema;
  const names = Object.keys(settings);
  const flags = fromFlags(args, names);
  const environment = fromEnvironment(env, names);
  const path = flags.file ?? environment.file;
  const file = path === undefined ? nothing : readSource(path, { readFile, names });
  const sources = [file, environment, flags];
  const problems = sources.flatMap((source) => source.problems);
  const values = defaults(settings);
  for (const given of sources.flatMap((source) => source.given)) {
    const { kind } = settings[given.name]!;
    const value = kind.parse(given.raw);
    if (value === undefined) problems.push(complaint(given, kind.allowed));
    else values[given.name] = value;
  }
  const config = values as ConfigOf<Table>;
  // Rules between settings mean little while single ones are wrong.
  if (problems.length === 0) problems.push(...schema.rulesBroken(config));
  return problems.length === 0 ? { config } : { problems };
}

const nothing: Source = { given: [], problems: [] };

function defaults(settings: SettingTable): Record<string, unknown> {
  const standards = Object.entries(settings).map(([name, { standard }]) => [name, standard]);
  return Object.fromEntries(standards.filter(([, standard]) => standard !== undefined));
}

interface Reading extends Pick<ConfigInputs, "readFile"> {
  readonly names: readonly string[];
}

function readSource(path: string, { readFile, names }: Reading): Source {
  try {
    return fromFile({ path, json: readFile(path) }, names);
  } catch (error) {
    return { given: [], problems: [`cannot read ${path}: ${(error as Error).message}`] };
  }
}

function complaint({ where, raw }: Given, allowed: string): string {
  return `${where} is ${withoutPassword(JSON.stringify(raw))}; it must be ${allowed}`;
}

/** Of what is, or was meant to be, a URL. */
function withoutPassword(shown: string): string {
  return shown.replaceAll(/\/\/[^@"]*@/g, "//…@");
}
