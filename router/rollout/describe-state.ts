import { formatStep } from "./steps-text.ts";
import type { Rollout, RolloutState } from "./rollout.ts";

type Describe<Phase extends RolloutState["phase"]> = (
  state: Extract<RolloutState, { readonly phase: Phase }>,
  plan: Rollout["plan"],
) => string;

const descriptions: { readonly [Phase in RolloutState["phase"]]: Describe<Phase> } = {
  steady: () => "steady: its weights are set by hand, and no steps run",
  stepping: ({ step }, plan) => `at ${placeOf(step, plan)}, which goes on by itself`,
  paused: ({ step }, plan) => `paused at ${placeOf(step, plan)}`,
  aborted: () => "aborted",
  promoted: () => "promoted: the canary's version is the stable one",
};

/** E.g. "paused at step 2 of 4 (500bp 30m)". */
export function describeState({ state, plan }: Pick<Rollout, "state" | "plan">): string {
  const describe = descriptions[state.phase] as Describe<RolloutState["phase"]>;
  return describe(state, plan);
}

/** E.g. "step 2 of 4 (500bp 30m)". */
export function placeOf(step: number, plan: Rollout["plan"]): string {
  const steps = plan?.steps ?? [];
  const own = steps[step];
  const what = own === undefined ? "" : ` (${formatStep(own)})`;
  return `step ${step + 1} of ${steps.length}${what}`;
}
