import { ServingError } from "../../../proto/serving-error.ts";
import type { Distribution } from "../../distribution.ts";
import { beginStep } from "../begin-step.ts";
import { canaryOf } from "../canary-of.ts";
import { assertCanary, assertNoKillSwitch } from "../refuse.ts";
import type { Step } from "../rollout.ts";
import { stepMisfits } from "../step-misfits.ts";
import { existing, type VerbOf } from "../subject.ts";

export const setSteps: VerbOf<"set steps"> = (subject, { steps }, nowMs) => {
  const rollout = existing(subject);
  const misfits = [...stepMisfits(steps), ...tooHigh(rollout.distribution, steps)];
  if (misfits.length > 0) throw new ServingError("INVALID_ARGUMENT", misfits.join("; "));
  assertNoKillSwitch("begin steps of", rollout);
  assertCanary(rollout.distribution);
  return beginStep(rollout, { plan: { steps }, step: 0, nowMs });
};

/** Steps that would need users of a third arm. */
function tooHigh(distribution: Distribution, steps: readonly Step[]): readonly string[] {
  const canary = canaryOf(distribution);
  const most = distribution.arms[0]!.weight + (canary?.weight ?? 0);
  return steps.flatMap(({ weight }, i) =>
    canary === undefined || weight <= most
      ? []
      : [`step ${i + 1}: ${canary.name} cannot have ${weight}bp; other arms leave ${most}bp`],
  );
}
