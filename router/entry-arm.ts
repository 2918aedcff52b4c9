import type { Arm, Distribution } from "./distribution.ts";

/** The arm that stands for the model where one must: the only one that is open, or the stable one, to which others spill. */
export function entryArm({ arms, killSwitch }: Distribution): Arm {
  return arms.find(({ name }) => name === killSwitch) ?? arms[0]!;
}
