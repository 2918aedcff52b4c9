import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";
import { createAdmin } from "./admin.ts";
import { readTime } from "../arguments/read-time.ts";
import { explainConnection } from "./connection-failure.ts";
import { connectionFlags, openConnection } from "./connection.ts";
import { findVerb, type FoundVerb } from "../verbs/find-verb.ts";
import { generalFlags, timeoutFlag } from "./general-flags.ts";
import { rolloutHelp } from "./help.ts";
import { createOutput } from "./output.ts";
import { readArguments } from "../arguments/read-arguments.ts";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";

const standardTimeoutMs = 10_000;

/** `crossfade rollout ARGS`; resolves to the exit code. */
export async function runRollout(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args.length === 0) {
    terminal.complain(rolloutHelp());
    return 2;
  }
  let help = "crossfade rollout --help";
  try {
    const found = findVerb(verbs, args);
    help = `crossfade rollout ${found.verb.name} --help`;
    return await runVerb(found, terminal);
  } catch (thrown) {
    const error = ServingError.from(thrown);
    terminal.complain(printable(`crossfade rollout: ${complaintOf(error, help)}\n`));
    return error.code === Code.INVALID_ARGUMENT ? 2 : 1;
  }
}

function complaintOf(error: ServingError, help: string): string {
  const { code, message, cause, isLost } = error;
  if (code === Code.INVALID_ARGUMENT) return `${message}\n\`${help}\` has examples.`;
  const said = `${nameOf(code)}: ${message}`;
  if (code === Code.INTERNAL) return `${said}\n${String(cause)}`;
  if (isLost) return `${said}\n--admin or CROSSFADE_ADMIN says where a router's admin API is.`;
  return said;
}

async function runVerb({ verb, args }: FoundVerb<Verb>, terminal: Terminal): Promise<number> {
  const given = readArguments(args, [...verb.flags, ...generalFlags, ...connectionFlags]);
  const output = createOutput(given, terminal);
  const timeoutMs = readTime(given, timeoutFlag) ?? standardTimeoutMs;
  const admin = createAdmin(openConnection(given, terminal), timeoutMs);
  try {
    return await verb.run(given, { admin, terminal, output });
  } catch (error) {
    throw explainConnection(ServingError.from(error), admin.address);
  } finally {
    admin.close();
  }
}
