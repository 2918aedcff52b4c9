import { nearest } from "../../proto/nearest.ts";
import type { Flag, Given } from "./flag.ts";
import { wrong } from "./wrong.ts";

interface Reading {
  readonly words: string[];
  readonly values: Map<Flag, readonly (string | undefined)[]>;
  readonly problems: string[];
}

/**
 * Words and flags in any order: `--name value`, `--name=value`, `-n value`; after `--` everything is a word. Throws
 * INVALID_ARGUMENT with every problem, and the nearest flag to one that is not there.
 */
export function readArguments(args: readonly string[], flags: readonly Flag[]): Given {
  const reading: Reading = { words: [], values: new Map(), problems: [] };
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  let at = 0;
  while (at < end) at += readOne(args.slice(at, end), flags, reading);
  const { words, values, problems } = reading;
  if (problems.length > 0) throw wrong(...problems);
  return {
    words: [...words, ...args.slice(end + 1)],
    has: (flag) => values.has(flag),
    value: (flag) => values.get(flag)?.[0],
    values: (flag) => (values.get(flag) ?? []).flatMap((value) => value ?? []),
  };
}

/** @returns How many arguments it took. */
function readOne(
  [first = "", next]: readonly string[],
  flags: readonly Flag[],
  { words, values, problems }: Reading,
): number {
  const isWord = !first.startsWith("-") || first === "-";
  const [, spelt = first, inline] = /^(-[^=]*)(?:=(.*))?$/s.exec(first) ?? [];
  const flag = flags.find(({ name, short }) => name === spelt || short === spelt);
  if (isWord) words.push(first);
  else if (flag === undefined) problems.push(unknown(spelt, flags));
  else if (values.has(flag) && flag.repeats !== true) problems.push(`${flag.name} is given twice`);
  if (isWord || flag === undefined) return 1;
  const takesNext = inline === undefined && next !== undefined && takes(flag, next);
  const value = takesNext ? next : inline;
  if (flag.value === undefined && inline !== undefined)
    problems.push(`${flag.name} takes no value, got "${inline}"`);
  else if (flag.value !== undefined && flag.isValue === undefined && value === undefined)
    problems.push(`${flag.name} needs a value: ${flag.name} ${flag.value}`);
  values.set(flag, [...(values.get(flag) ?? []), value]);
  return takesNext ? 2 : 1;
}

function takes(flag: Flag, next: string): boolean {
  if (flag.value === undefined) return false;
  return flag.isValue === undefined || flag.isValue(next);
}

function unknown(spelt: string, flags: readonly Flag[]): string {
  const meant = nearest(
    spelt,
    flags.map(({ name }) => name),
  );
  const hint = meant === undefined ? "see --help" : `did you mean ${meant}?`;
  return `there is no option ${spelt}; ${hint}`;
}
