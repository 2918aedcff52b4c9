import { beginNextStep } from "../begin-step.ts";
import { assertNoKillSwitch, refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";

/** With what was left of the step; from a step that pauses by itself to the next one. */
export const resume: VerbOf<"resume"> = (subject, _, nowMs) => {
  const rollout = existing(subject);
  const { distribution, plan, state } = rollout;
  if (state.phase !== "paused" || plan === undefined)
    throw refuse("resume", rollout, "only steps that are paused can go on");
  assertNoKillSwitch("resume", rollout);
  const { step, leftMs } = state;
  const dwell = plan.steps[step]?.dwell;
  if (leftMs === undefined || typeof dwell !== "number")
    return beginNextStep(rollout, state, nowMs);
  const sinceMs = nowMs - Math.max(0, dwell - leftMs);
  return { distribution, plan, state: { phase: "stepping", step, sinceMs } };
};
