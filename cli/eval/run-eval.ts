import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import { readArguments } from "../arguments/read-arguments.ts";
import { wrong } from "../arguments/wrong.ts";
import { printable } from "../terminal/printable.ts";
import { evalVerb } from "./eval-verb.ts";
import type { Session } from "./session.ts";

/** `crossfade eval ARGS`; resolves to the exit code. */
export async function runEval(args: readonly string[], session: Session): Promise<number> {
  const { terminal } = session;
  try {
    const given = readArguments(args, evalVerb.flags);
    if (given.words.length > 0) throw wrong(`eval takes flags alone, got "${given.words[0]}"`);
    return await evalVerb.run(given, session);
  } catch (error) {
    if (terminal.signal.aborted) terminal.complain("crossfade eval: interrupted\n");
    else terminal.complain(printable(`crossfade eval: ${complaintOf(error)}\n`));
    // Nothing was found out: that is no failure of what would have been.
    return 2;
  }
}

function complaintOf(thrown: unknown): string {
  const { code, message, cause } = ServingError.from(thrown);
  if (code === Code.INVALID_ARGUMENT) return `${message}\n\`crossfade eval --help\` has examples.`;
  if (code === Code.INTERNAL && !(thrown instanceof ServingError)) return String(cause);
  return code === Code.FAILED_PRECONDITION ? message : `${nameOf(code)}: ${message}`;
}
