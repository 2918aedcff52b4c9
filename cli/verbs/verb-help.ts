import type { Flag } from "../arguments/flag.ts";
import { columns, flagColumns, helpWidth } from "../arguments/help-columns.ts";
import { wrapParagraphs } from "../arguments/wrap.ts";
import { findVerb } from "./find-verb.ts";
import type { Verb } from "./verb.ts";

export interface VerbHelpOptions {
  /** E.g. "crossfade rollout". */
  readonly command: string;
  /** What all verbs take. */
  readonly general: readonly Flag[];
}

/** What `--help` prints of one verb. */
export function verbHelp(
  { name, takes, summary, about, examples, flags }: Verb<never>,
  { command, general }: VerbHelpOptions,
): string {
  const usage = [command, name, takes].filter((part) => part !== "").join(" ");
  const shown = examples.map((example) => `  ${command} ${example.command}\n      ${example.does}`);
  const parts = [
    usage,
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    wrapParagraphs(about, helpWidth),
    shown.join("\n"),
    ...[flags, general].filter(({ length }) => length > 0).map(flagColumns),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** A line for each. */
export function verbList(verbs: readonly Verb<never>[]): string {
  return columns(verbs.map(({ name, summary }) => [name, summary] as const));
}

/** Undefined for none and for the first half of one: all of them are shown then. Throws for what is none. */
export function namedVerb<One extends { readonly name: string }>(
  verbs: readonly One[],
  args: readonly string[],
): One | undefined {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const [first, ...more] = words;
  const isHalf = more.length === 0 && verbs.some(({ name }) => name.startsWith(`${first} `));
  return first === undefined || isHalf ? undefined : findVerb(verbs, words).verb;
}
