import type { Flag } from "./flag.ts";
import { wrap } from "./wrap.ts";

/** What stands on the left of a line of help, and on its right. */
export type Entry = readonly [left: string, right: string];

export const helpWidth = 100;
const gap = 3;

export function flagColumns(flags: readonly Flag[]): string {
  return columns(flags.map(entryOf));
}

function entryOf({ name, short, value, isValue, help }: Flag): Entry {
  const names = short === undefined ? name : `${short}, ${name}`;
  const taken = value === undefined ? "" : isValue === undefined ? ` ${value}` : `[=${value}]`;
  return [`${names}${taken}`, help];
}

export function columns(entries: readonly Entry[]): string {
  const indent = 2 + Math.max(...entries.map(([left]) => left.length)) + gap;
  return entries
    .flatMap(([left, right]) =>
      wrap(right, helpWidth - indent).map(
        (line, i) => (i === 0 ? `  ${left}` : "").padEnd(indent) + line,
      ),
    )
    .join("\n");
}
