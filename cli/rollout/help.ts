import { connectionFlags } from "./connection.ts";
import { findVerb } from "./find-verb.ts";
import type { Flag } from "./flag.ts";
import { generalFlags } from "./general-flags.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";
import { wrap, wrapParagraphs } from "./wrap.ts";

/** What `crossfade rollout ARGS --help` prints: of the verb that is named, else of all. */
export function rolloutHelp(args: readonly string[] = []): string {
  const verb = verbOf(args.filter((arg) => !arg.startsWith("-")));
  return verb === undefined ? overview() : verbHelp(verb);
}

/** Undefined for what is none, such as the first half of one: all of them are shown then. */
function verbOf(words: readonly string[]): Verb | undefined {
  try {
    return words.length === 0 ? undefined : findVerb(words).verb;
  } catch {
    return undefined;
  }
}

function overview(): string {
  const entries = verbs.map(({ name, summary }) => [name, summary] as const);
  return `Says who gets which version of a model, and changes that on every router.

  crossfade rollout VERB [options] [MODEL]

${columns(entries)}

MODEL may be left out where there is only one. \`crossfade rollout VERB --help\` teaches each verb.

A first rollout, from version 6 to 7:

  crossfade rollout set version stable=6 playlists --reason "begin"
  crossfade rollout set version canary=7 playlists --reason "retrained"
  crossfade rollout set steps "1% 10m, 5% 30m, 25% pause, 100%" playlists --reason "version 7"
  crossfade rollout get playlists -w
  crossfade rollout promote playlists --reason "25% look good"     or, when they do not:
  crossfade rollout abort playlists --reason "errors"

${columns(flagEntries([...generalFlags, ...connectionFlags]))}

Exit codes: 0 done, 1 failed, 2 called wrongly; \`status --exit-code\` has more.
`;
}

function verbHelp({ name, takes, summary, about, examples, flags }: Verb): string {
  const usage = ["crossfade rollout", name, takes].filter((part) => part !== "").join(" ");
  const shown = examples.map(
    ({ command, does }) => `  crossfade rollout ${command}\n      ${does}`,
  );
  const general = columns(flagEntries([...generalFlags, ...connectionFlags]));
  const own = flags.length === 0 ? "" : `${columns(flagEntries(flags))}\n\n`;
  return `${usage}\n\n${sentence(summary)}\n\n${wrapParagraphs(about, widest)}\n\n${shown.join("\n")}\n\n${own}${general}\n`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

type Entry = readonly [left: string, right: string];

function flagEntries(flags: readonly Flag[]): readonly Entry[] {
  return flags.map(({ name, short, value, isValue, help }) => {
    const names = short === undefined ? name : `${short}, ${name}`;
    const taken = value === undefined ? "" : isValue === undefined ? ` ${value}` : `[=${value}]`;
    return [`${names}${taken}`, help];
  });
}

const widest = 100;
const gap = 3;

function columns(entries: readonly Entry[]): string {
  const indent = 2 + Math.max(...entries.map(([left]) => left.length)) + gap;
  return entries
    .flatMap(([left, right]) =>
      wrap(right, widest - indent).map(
        (line, i) => (i === 0 ? `  ${left}` : "").padEnd(indent) + line,
      ),
    )
    .join("\n");
}
