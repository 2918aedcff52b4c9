import {
  Phase,
  type LoweredArm,
  type Rollout as RolloutMessage,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { nextStepAtMs } from "../../../router/rollout/advance.ts";
import type { Rollout, RolloutState, Step } from "../../../router/rollout/rollout.ts";
import type { Lowered } from "../../../router/lowered-distribution.ts";

const phases: Readonly<Record<RolloutState["phase"], Phase>> = {
  steady: Phase.STEADY,
  stepping: Phase.STEPPING,
  paused: Phase.PAUSED,
  aborted: Phase.ABORTED,
  promoted: Phase.PROMOTED,
};

/** What routers see of it. */
interface Seen {
  /** By version. */
  readonly held?: ReadonlyMap<string, boolean>;
  readonly standsStill?: string | undefined;
}

/** A rollout as the admin API tells it. */
export function rolloutMessage(rollout: Rollout, seen: Seen = {}): RolloutMessage {
  const { held, standsStill = "" } = seen;
  const { distribution, plan, state, changed } = rollout;
  const { model, revision, arms, killSwitch = "" } = distribution;
  const { atMs, ...change } = changed;
  return {
    model,
    revision,
    arms: arms.map(({ name, version, weight }) => ({
      name,
      version,
      basisPoints: weight,
      isUnheld: held?.get(version) === false,
    })),
    killSwitch,
    phase: phases[state.phase],
    steps: plan?.steps.map(stepMessage) ?? [],
    step: "step" in state ? state.step : -1,
    since: "sinceMs" in state ? new Date(state.sinceMs) : undefined,
    next: dateOf(nextStepAtMs(rollout)),
    changed: { ...change, time: new Date(atMs) },
    standsStill,
    distributionJson: JSON.stringify(distribution),
  };
}

function stepMessage({ weight, dwell }: Step) {
  const pause = dwell === "pause";
  return { basisPoints: weight, dwellMs: pause ? 0 : dwell, pause };
}

export function loweredMessage({ arm, weight, untilMs, by, reason }: Lowered): LoweredArm {
  return { arm, basisPoints: weight, until: new Date(untilMs), by, reason };
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
