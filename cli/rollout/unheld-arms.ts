import type { Arm, Rollout } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";

/** Arms that have users, and a version that no server holds: their calls fail, or spill to the stable arm. */
export function unheldArms({ arms, killSwitch }: Rollout): readonly Arm[] {
  const hasUsers = ({ name, basisPoints }: Arm) =>
    killSwitch === "" ? basisPoints > 0 : name === killSwitch;
  return arms.filter((arm) => arm.isUnheld && hasUsers(arm));
}
