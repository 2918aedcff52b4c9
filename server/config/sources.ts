import { duplicateKeys } from "../../models/bundle/duplicate-keys.ts";
import { nearest } from "../../proto/nearest.ts";

/** A value as somebody wrote it, and where. */
export interface Given {
  readonly name: string;
  /** E.g. "--port", "CROSSFADE_PORT" or "port in /etc/crossfade.json". */
  readonly where: string;
  readonly raw: unknown;
}

export interface Source {
  readonly given: readonly Given[];
  readonly problems: readonly string[];
  /** The configuration file that it names. */
  readonly file?: string;
}

const configFlag = "--config";
const configVariable = "CROSSFADE_CONFIG";
/** Read elsewhere: by the tests, by evaluations and training, by load tests, where the store is opened, by `crossfade rollout`. */
const otherVariables = [
  "CROSSFADE_DATA",
  "CROSSFADE_AGENT_TOKEN",
  "CROSSFADE_LOADTEST_TOKEN",
  "CROSSFADE_NO_INSTALL",
  "CROSSFADE_STORE_PASSWORD",
  "CROSSFADE_STORE_SENTINEL_PASSWORD",
  "CROSSFADE_FEEDBACK_PASSWORD",
  "CROSSFADE_ADMIN",
  "CROSSFADE_ADMIN_TOKEN",
];

export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export function variableOf(name: string): string {
  return `CROSSFADE_${flagOf(name).slice(2).replaceAll("-", "_").toUpperCase()}`;
}

/** One entry of a source: how the name was spelt, and the value. */
type Entry = readonly [spelt: string, raw: unknown];

interface Spelling {
  /** Of all settings. */
  readonly names: readonly string[];
  /** How this source spells the name of a setting. */
  readonly spell: (name: string) => string;
  /** What else may be spelt there. */
  readonly others: readonly string[];
  readonly where: (spelt: string) => string;
}

function gather(entries: Iterable<Entry>, spelling: Spelling): Source {
  const { names, spell, others, where } = spelling;
  const known = new Map(names.map((name) => [spell(name), name]));
  const given: Given[] = [];
  const problems: string[] = [];
  for (const [spelt, raw] of entries) {
    const name = known.get(spelt);
    const near = nearest(spelt, [...known.keys(), ...others]);
    const hint = near === undefined ? "see --help" : `did you mean ${near}?`;
    if (name === undefined) problems.push(`${where(spelt)} is no setting; ${hint}`);
    else if (given.some((one) => one.name === name))
      problems.push(`${where(spelt)} is given twice`);
    else given.push({ name, where: where(spelt), raw });
  }
  return { given, problems };
}

/** `--name value` and `--name=value`. */
export function fromFlags(args: readonly string[], names: readonly string[]): Source {
  const entries: Entry[] = [];
  const problems: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const [, flag, inline] = /^(--[^=]+)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    const raw = inline ?? args[i + 1];
    if (flag === undefined) problems.push(`${args[i]} is no flag; flags look like --port 8500`);
    else if (raw === undefined) problems.push(`${flag} needs a value`);
    else entries.push([flag, raw]);
    if (flag !== undefined && inline === undefined) i += 1;
  }
  const file = entries.findLast(([flag]) => flag === configFlag)?.[1];
  const source = gather(
    entries.filter(([flag]) => flag !== configFlag),
    { names, spell: flagOf, others: [configFlag], where: (spelt) => spelt },
  );
  return {
    given: source.given,
    problems: [...problems, ...source.problems],
    ...(typeof file === "string" && { file }),
  };
}

export function fromEnvironment(env: NodeJS.ProcessEnv, names: readonly string[]): Source {
  const entries = Object.entries(env).filter(
    ([name, value]) =>
      name.startsWith("CROSSFADE_") &&
      name !== configVariable &&
      !otherVariables.includes(name) &&
      !isServiceLink(name, value ?? ""),
  );
  const file = env[configVariable];
  const others = [configVariable];
  const source = gather(entries, { names, spell: variableOf, others, where: (spelt) => spelt });
  return { ...source, ...(file !== undefined && { file }) };
}

/**
 * Kubernetes describes a Service named "crossfade" to every pod of its namespace in variables that look like ours:
 * CROSSFADE_PORT=tcp://10.0.0.1:8500, CROSSFADE_SERVICE_HOST and so on.
 */
function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$/.test(name)) return true;
  if (/_PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)$/.test(name)) return true;
  return /_PORT(_\d+_(TCP|UDP|SCTP))?$/.test(name) && /^(tcp|udp|sctp):\/\//.test(value);
}

export interface ConfigFile {
  readonly path: string;
  readonly json: string;
}

export function fromFile({ path: file, json }: ConfigFile, names: readonly string[]): Source {
  const where = (spelt: string) => `${spelt} in ${file}`;
  const content = parseObject(json);
  if (typeof content === "string") return { given: [], problems: [`${file} ${content}`] };
  const source = gather(Object.entries(content), {
    names,
    spell: (name) => name,
    others: [],
    where,
  });
  const twice = duplicateKeys(json).map((key) => `${where(key)} is given twice`);
  return { given: source.given, problems: [...source.problems, ...twice] };
}

function parseObject(json: string): object | string {
  try {
    const content: unknown = JSON.parse(json);
    const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
    return isObject ? content : 'must hold one JSON object, e.g. {"port": 8500}';
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`;
  }
}
