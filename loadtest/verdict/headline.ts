import type { Outcome, Verdict } from "./verdict.ts";

const words: Readonly<Record<Outcome, string>> = { pass: "PASS", fail: "FAIL", invalid: "INVALID" };

/** One word: without objectives a run that proves something is valid, and passes nothing. */
export function headline({ outcome, gates }: Verdict): string {
  return outcome === "pass" && gates.length === 0 ? "VALID" : words[outcome];
}
