import { ServingError } from "../../proto/serving-error.ts";
import type { Intent, IntentOf } from "./intent.ts";
import type { Draft, Rollout } from "./rollout.ts";

/** What a verb is about. */
export interface Subject {
  readonly model: string;
  /** Undefined: the model has none, and its servers' default version answers. */
  readonly rollout: Rollout | undefined;
  /** For how long whoever is asked has seen its step run, by a clock that nobody sets; absent: its times say. */
  readonly dweltMs?: number;
}

/** What the rollout becomes; throws INVALID_ARGUMENT or FAILED_PRECONDITION that says what to do instead. */
export type VerbOf<Verb extends Intent["verb"]> = (
  subject: Subject,
  intent: IntentOf<Verb>,
  nowMs: number,
) => Draft;

export function existing({ model, rollout }: Subject): Rollout {
  if (rollout !== undefined) return rollout;
  throw new ServingError(
    "NOT_FOUND",
    `model ${model} has no rollout: its servers' default version answers; begin one with \`set version stable=VERSION\`, or apply a distribution`,
  );
}
