import type { Flag, Given } from "../arguments/flag.ts";

/** One thing that a command of several can do. */
export interface Verb<Session> {
  /** One word or two, e.g. "set weight". */
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
