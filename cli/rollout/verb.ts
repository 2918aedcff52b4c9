import type { Admin } from "./admin.ts";
import type { Flag, Given } from "./flag.ts";
import type { Output } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** One thing that `crossfade rollout` can do. */
export interface Verb {
  /** E.g. "set weight". */
  readonly name: string;
  /** What follows the name, e.g. "ARM=WEIGHT [MODEL]". */
  readonly takes: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** What `--help` teaches, in paragraphs. */
  readonly about: string;
  readonly examples: readonly Example[];
  readonly flags: readonly Flag[];
  /**
   * Resolves to the exit code. Fails with INVALID_ARGUMENT when it was called wrongly, with anything else when it could
   * not be done.
   */
  run(given: Given, session: Session): Promise<number>;
}

export interface Example {
  readonly command: string;
  readonly does: string;
}

export interface Session {
  readonly admin: Admin;
  readonly terminal: Terminal;
  readonly output: Output;
}
