import { PlanError } from "../../loadtest/engine/assert-plan.ts";
import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import type { Given } from "../arguments/flag.ts";
import { readArguments } from "../arguments/read-arguments.ts";
import { wrong } from "../arguments/wrong.ts";
import { findVerb } from "../verbs/find-verb.ts";
import { loadtestHelp } from "./help.ts";
import type { Session, Verb } from "./session.ts";
import { verbs } from "./verbs.ts";

/** `crossfade loadtest ARGS`; resolves to the exit code. */
export async function runLoadtest(args: readonly string[], session: Session): Promise<number> {
  const { terminal } = session;
  if (args.length === 0) {
    terminal.complain(loadtestHelp());
    return 2;
  }
  let help = "crossfade loadtest --help";
  try {
    const found = findVerb(verbs, args);
    help = `crossfade loadtest ${found.verb.name} --help`;
    const given = readArguments(found.args, found.verb.flags);
    assertWords(given, found.verb);
    return await found.verb.run(given, session);
  } catch (error) {
    terminal.complain(`crossfade loadtest: ${complaintOf(error, help)}\n`);
    // Nothing was tested: that is no failure of what would have been.
    return 2;
  }
}

/** What stands behind a verb that takes nothing but flags would be ignored. */
function assertWords({ words }: Given, { name, takes }: Verb): void {
  if (words.length > 0 && takes.startsWith("-"))
    throw wrong(`${name} takes flags alone, got "${words[0]}"`);
}

function complaintOf(thrown: unknown, help: string): string {
  if (thrown instanceof PlanError) return `${thrown.message}\n\`${help}\` has examples.`;
  const error = ServingError.from(thrown);
  const { code, message, cause } = error;
  if (code === Code.INVALID_ARGUMENT) return `${message}\n\`${help}\` has examples.`;
  if (code === Code.INTERNAL && !(thrown instanceof ServingError)) return String(cause);
  return `${nameOf(code)}: ${message}`;
}
