import { changeFlags, readChangeOptions } from "../change-flags.ts";
import { makeChange, type WantedChange } from "../make-change.ts";
import { modelOf } from "../model-of.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import type { Session, Verb } from "../verb.ts";

/** What a verb that changes a rollout is, besides asking for it. */
export interface Mutation extends Omit<Verb, "run" | "flags"> {
  /** Beside those that every change takes. */
  readonly flags?: readonly Flag[];
  /** What to ask for, and the words that name the model. */
  readonly read: (given: Given, session: Session) => Reading | Promise<Reading>;
}

interface Reading {
  readonly models: readonly string[];
  readonly change: WantedChange["change"] | ((model: string) => Promise<WantedChange["change"]>);
}

export function mutation({ read, flags = [], ...verb }: Mutation): Verb {
  return {
    ...verb,
    flags: [...flags, ...changeFlags],
    async run(given, session) {
      const options = readChangeOptions(given);
      const { models, change } = await read(given, session);
      const model = await modelOf(models, session.admin);
      const wanted = typeof change === "function" ? await change(model) : change;
      return makeChange({ model, change: wanted }, options, session);
    },
  };
}
