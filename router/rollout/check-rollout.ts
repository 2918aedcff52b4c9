import { distributionFormat } from "../distribution.ts";
import { distributionMisfits } from "../distribution-misfits.ts";
import { refusal } from "../parse-distribution.ts";
import { refuseNewerFormat } from "../refuse-newer-format.ts";
import { canaryOf } from "./canary-of.ts";
import { largestRevision } from "./largest-revision.ts";
import { rolloutFormat, type Rollout } from "./rollout.ts";
import { rolloutShape } from "./rollout-shape.ts";
import { stepMisfits } from "./step-misfits.ts";

/**
 * A rollout that was stored, or came over the wire. Throws FAILED_PRECONDITION for what a newer build wrote, whatever else is
 * unknown in it, and else INVALID_ARGUMENT with every problem and its path.
 * @param source Names it in messages.
 */
export function checkRollout(value: unknown, source: string): Rollout {
  refuseNewer(value, source);
  const problems: string[] = [];
  const rollout = rolloutShape(value, "", problems);
  // What refers to what can be judged only when every field is what it should be.
  if (problems.length === 0) problems.push(...rolloutMisfits(rollout));
  if (problems.length > 0) throw refusal(source, problems);
  return rollout;
}

function refuseNewer(value: unknown, source: string): void {
  const { format, distribution } = (value ?? {}) as Partial<Rollout>;
  refuseNewerFormat(source, format, rolloutFormat);
  refuseNewerFormat(`the distribution in ${source}`, distribution?.format, distributionFormat);
}

function rolloutMisfits({ distribution, plan, state }: Rollout): readonly string[] {
  const problems = distributionMisfits(distribution).map((misfit) => `distribution.${misfit}`);
  const steps = plan?.steps ?? [];
  if (distribution.revision > largestRevision)
    problems.push(
      `distribution.revision: is ${distribution.revision}, and at most ${largestRevision} is taken: take this rollout away, and it begins anew`,
    );
  const hasStep = state.phase === "stepping" || state.phase === "paused";
  if (plan !== undefined)
    problems.push(...stepMisfits(steps).map((misfit) => `plan.steps: ${misfit}`));
  if (hasStep !== (plan !== undefined))
    problems.push(`plan: must be there while steps run or are paused, and only then`);
  if (hasStep && state.step >= steps.length)
    problems.push(`state.step: is ${state.step}, and there are ${steps.length} steps, from 0`);
  if (hasStep && canaryOf(distribution) === undefined)
    problems.push("distribution.arms: there is no canary for the steps");
  if (state.phase === "stepping" && steps[state.step]?.dwell === "pause")
    problems.push(`state.phase: is stepping, and step ${state.step} pauses`);
  return problems;
}
