import { rulesBroken } from "./rules.ts";
import { settings, type Config, type SettingName } from "./settings.ts";
import { fromEnvironment, fromFile, fromFlags, type Given, type Source } from "./sources.ts";

export interface ConfigInputs {
  /** What follows the command's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Throws when there is no such file. */
  readonly readFile: (path: string) => string;
}

/** A configuration, or everything that is wrong with it. */
export type ConfigResult = { readonly config: Config } | { readonly problems: readonly string[] };

/** Flags win over the environment, which wins over the file, which wins over the defaults; a loser is checked too. */
export function readConfig({ args, env, readFile }: ConfigInputs): ConfigResult {
  const flags = fromFlags(args);
  const environment = fromEnvironment(env);
  const path = flags.file ?? environment.file;
  const file = path === undefined ? { given: [], problems: [] } : readSource(path, readFile);
  const sources = [file, environment, flags];
  const problems = sources.flatMap((source) => source.problems);
  const values = defaults();
  for (const given of sources.flatMap((source) => source.given)) {
    const value = settings[given.name].kind.parse(given.raw);
    if (value === undefined) problems.push(complaint(given));
    else values[given.name] = value;
  }
  const config = values as unknown as Config;
  // Rules between settings mean little while single ones are wrong.
  if (problems.length === 0) problems.push(...rulesBroken(config));
  return problems.length === 0 ? { config } : { problems };
}

function defaults(): Partial<Record<SettingName, unknown>> {
  const standards = Object.entries(settings).map(([name, setting]) => [
    name,
    "standard" in setting ? setting.standard : undefined,
  ]);
  return Object.fromEntries(standards.filter(([, standard]) => standard !== undefined));
}

function readSource(path: string, readFile: ConfigInputs["readFile"]): Source {
  try {
    return fromFile(path, readFile(path));
  } catch (error) {
    return { given: [], problems: [`cannot read ${path}: ${(error as Error).message}`] };
  }
}

function complaint({ name, where, raw }: Given): string {
  return `${where} is ${JSON.stringify(raw)}; it must be ${settings[name].kind.allowed}`;
}
