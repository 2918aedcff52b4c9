import { ServingError } from "../../../proto/serving-error.ts";
import { paused } from "../paused.ts";
import { existing, type VerbOf } from "../subject.ts";

export const setKillSwitch: VerbOf<"set kill-switch"> = (subject, { arm }, nowMs) => {
  const rollout = existing(subject);
  const { killSwitch: _, ...others } = rollout.distribution;
  if (arm === undefined) return { ...rollout, distribution: others };
  const names = others.arms.map(({ name }) => name);
  if (!names.includes(arm))
    throw new ServingError(
      "INVALID_ARGUMENT",
      `there is no arm ${arm} to send everybody to; there are ${names.join(", ")}`,
    );
  // Time that nobody spends on a step is no time to judge it by.
  return {
    ...paused(rollout, nowMs, subject.dweltMs),
    distribution: { ...others, killSwitch: arm },
  };
};
