import { beginNextStep } from "../begin-step.ts";
import { promoteFully } from "../promote-fully.ts";
import { assertNoKillSwitch, refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";
import { assertCanary } from "./set-steps.ts";

export const promote: VerbOf<"promote"> = (subject, { full }, nowMs) => {
  const rollout = existing(subject);
  const { phase } = rollout.state;
  if (phase === "aborted")
    throw refuse("promote", rollout, "`set steps` or `set weight` begins again");
  assertCanary(rollout.distribution);
  assertNoKillSwitch("promote", rollout);
  if (full) return promoteFully(rollout, nowMs);
  if (phase === "stepping" || phase === "paused") return beginNextStep(rollout, nowMs);
  throw refuse("promote", rollout, "`promote --full` gives everybody the canary's version");
};
