import type { LiveStream } from "../../loadtest/live/show-live.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Verb as AnyVerb } from "../verbs/verb.ts";

export interface Session {
  readonly terminal: Terminal;
  /** Where progress is shown. */
  readonly live: LiveStream;
}

/** One thing that `crossfade loadtest` can do. */
export type Verb = AnyVerb<Session>;
