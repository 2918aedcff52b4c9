import { checkDistribution } from "../parse-distribution.ts";
import type { Intent } from "./intent.ts";
import { revisionOf } from "./revision-of.ts";
import type { Author, Draft, Rollout } from "./rollout.ts";
import { rolloutFormat } from "./rollout.ts";
import type { Subject, VerbOf } from "./subject.ts";
import { abort } from "./verbs/abort.ts";
import { adopt } from "./verbs/adopt.ts";
import { apply } from "./verbs/apply.ts";
import { pause } from "./verbs/pause.ts";
import { promote } from "./verbs/promote.ts";
import { resume } from "./verbs/resume.ts";
import { setKillSwitch } from "./verbs/set-kill-switch.ts";
import { setSteps } from "./verbs/set-steps.ts";
import { setVersion } from "./verbs/set-version.ts";
import { setWeight } from "./verbs/set-weight.ts";
import { undo } from "./verbs/undo.ts";

const verbs: { readonly [Verb in Intent["verb"]]: VerbOf<Verb> } = {
  "set weight": setWeight,
  "set version": setVersion,
  "set steps": setSteps,
  "set kill-switch": setKillSwitch,
  promote,
  pause,
  resume,
  abort,
  undo,
  adopt,
  apply,
};

/**
 * The rollout that follows, with the next revision. Throws INVALID_ARGUMENT for what is wrong in itself,
 * FAILED_PRECONDITION for what cannot be done as things stand, NOT_FOUND where there is no rollout to change.
 */
export function changeRollout(subject: Subject, intent: Intent, author: Author): Rollout {
  const { model, rollout } = subject;
  const verb = verbs[intent.verb] as VerbOf<Intent["verb"]>;
  const draft = verb(subject, intent, author.atMs);
  const highest = intent.verb === "adopt" ? intent.highest : 0;
  const revision = Math.max(highest, revisionOf(rollout)) + 1;
  return finished(
    { ...draft, distribution: { ...draft.distribution, model, revision } },
    {
      ...author,
      verb: intent.verb,
    },
  );
}

/** Checked once more: what is written goes to every router. */
export function finished(
  { distribution, plan, state }: Draft,
  changed: Rollout["changed"],
): Rollout {
  const checked = checkDistribution(distribution, "the distribution that would follow");
  return { format: rolloutFormat, distribution: checked, ...(plan && { plan }), state, changed };
}
