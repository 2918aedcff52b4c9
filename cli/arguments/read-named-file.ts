import type { Terminal } from "../terminal/terminal.ts";
import type { Flag, Given } from "./flag.ts";
import { wrong } from "./wrong.ts";

/** The text of the file that a flag names; undefined: it was not given. */
export function readNamedFile(
  given: Given,
  flag: Flag,
  { readFile }: Pick<Terminal, "readFile">,
): string | undefined {
  const path = given.value(flag);
  if (path === undefined) return undefined;
  try {
    return readFile(path);
  } catch (error) {
    throw wrong(`cannot read ${flag.name} ${path}: ${(error as Error).message}`);
  }
}
