import type { Terminal } from "../terminal/terminal.ts";
import type { Verb as AnyVerb } from "../verbs/verb.ts";
import type { Admin } from "./admin.ts";
import type { Output } from "./output.ts";

/** One thing that `crossfade rollout` can do. */
export type Verb = AnyVerb<Session>;

export interface Session {
  readonly admin: Admin;
  readonly terminal: Terminal;
  readonly output: Output;
}
