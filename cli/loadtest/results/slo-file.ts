import type { Flag, Given } from "../../arguments/flag.ts";
import { readNamedFile } from "../../arguments/read-named-file.ts";
import { wrong } from "../../arguments/wrong.ts";
import { impliedSlo, parseSlo } from "../../../loadtest/verdict/parse-slo.ts";
import type { Slo } from "../../../loadtest/verdict/slo.ts";
import type { Terminal } from "../../terminal/terminal.ts";

export const sloFlag: Flag = {
  name: "--slo",
  value: "FILE",
  help: "what must be met, e.g. p99: 25ms, errors: 0.1%; without it, at most 1% errors",
};

/** Throws INVALID_ARGUMENT with every line that is wrong. */
export function readSlo(given: Given, terminal: Terminal): Slo {
  const text = readNamedFile(given, sloFlag, terminal);
  if (text === undefined) return impliedSlo;
  const parsed = parseSlo(text, given.value(sloFlag)!);
  if ("slo" in parsed) return parsed.slo;
  throw wrong(...parsed.problems);
}
