import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import { createAdmin } from "./admin.ts";
import { readTime } from "./change-flags.ts";
import { connectionFlags, openConnection } from "./connection.ts";
import { findVerb, type FoundVerb } from "./find-verb.ts";
import { generalFlags, timeoutFlag } from "./general-flags.ts";
import { rolloutHelp } from "./help.ts";
import { createOutput } from "./output.ts";
import { readArguments } from "./read-arguments.ts";
import type { Terminal } from "./terminal.ts";

const standardTimeoutMs = 10_000;

/** `crossfade rollout ARGS`; resolves to the exit code. */
export async function runRollout(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args.length === 0) {
    terminal.complain(rolloutHelp());
    return 2;
  }
  try {
    return await runVerb(findVerb(args), terminal);
  } catch (thrown) {
    const error = ServingError.from(thrown);
    const isCalledWrongly = error.code === Code.INVALID_ARGUMENT;
    const code = isCalledWrongly ? "" : `${nameOf(error.code)}: `;
    const help = isCalledWrongly ? "\n`crossfade rollout VERB --help` has examples." : "";
    terminal.complain(`crossfade rollout: ${code}${error.message}${help}\n`);
    if (error.code === Code.INTERNAL) terminal.complain(`${String(error.cause)}\n`);
    return isCalledWrongly ? 2 : 1;
  }
}

async function runVerb({ verb, args }: FoundVerb, terminal: Terminal): Promise<number> {
  const given = readArguments(args, [...verb.flags, ...generalFlags, ...connectionFlags]);
  const output = createOutput(given, terminal);
  const timeoutMs = readTime(given, timeoutFlag) ?? standardTimeoutMs;
  const admin = createAdmin(openConnection(given, terminal), timeoutMs);
  try {
    return await verb.run(given, { admin, terminal, output });
  } finally {
    admin.close();
  }
}
