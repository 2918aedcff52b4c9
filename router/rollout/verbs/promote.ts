import { beginNextStep } from "../begin-step.ts";
import { promoteFully } from "../promote-fully.ts";
import { assertCanary, assertNoKillSwitch, refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";

export const promote: VerbOf<"promote"> = (subject, { full }, nowMs) => {
  const rollout = existing(subject);
  const { state } = rollout;
  if (state.phase === "aborted")
    throw refuse("promote", rollout, "`set steps` or `set weight` begins again");
  assertCanary(rollout.distribution);
  assertNoKillSwitch("promote", rollout);
  if (full) return promoteFully(rollout, nowMs);
  if (state.phase === "stepping" || state.phase === "paused")
    return beginNextStep(rollout, state, nowMs);
  throw refuse("promote", rollout, "`promote --full` gives everybody the canary's version");
};
