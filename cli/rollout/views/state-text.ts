import { Phase, type Rollout, type Step } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { canaryOf } from "../../../router/rollout/canary-of.ts";
import { formatStep } from "../../../router/rollout/steps-text.ts";
import { ago, roughly } from "./times.ts";

/** E.g. "at step 2 of 4 (500bp 30m), the next in 21m"; at the last one, what its end means for everybody. */
export function stateText(rollout: Rollout, nowMs: number): string {
  const { phase, since, next, standsStill } = rollout;
  if (phase === Phase.STEPPING) {
    if (standsStill !== "") return `standing still at ${placeText(rollout)}: ${standsStill}`;
    const when =
      next === undefined ? "" : `, ${whatFollows(rollout)} in ${roughly(next.getTime() - nowMs)}`;
    return `at ${placeText(rollout)}${when}`;
  }
  if (phase === Phase.PAUSED) return `paused ${ago(since, nowMs)} at ${placeText(rollout)}`;
  if (phase === Phase.ABORTED) return `aborted ${ago(since, nowMs)}`;
  if (phase === Phase.PROMOTED) return `promoted ${ago(since, nowMs)}`;
  return "steady, by hand";
}

/** After the last step the canary is promoted, whatever weight it had. */
function whatFollows({ step, steps, arms }: Rollout): string {
  if (step + 1 < steps.length) return "the next";
  return `then everybody gets version ${canaryOf({ arms })?.version},`;
}

function placeText({ step, steps }: Rollout): string {
  const own = steps[step];
  const what = own === undefined ? "" : ` (${stepText(own)})`;
  return `step ${step + 1} of ${steps.length}${what}`;
}

export function stepText({ basisPoints, dwellMs, pause }: Step): string {
  return formatStep({ weight: basisPoints, dwell: pause ? "pause" : dwellMs });
}
