import type { Arm, Distribution } from "../distribution.ts";

/** The arm that steps raise: the one named "canary", or else the second. */
export function canaryOf({ arms }: Pick<Distribution, "arms">): Arm | undefined {
  return arms.find(({ name }, i) => i > 0 && name === "canary") ?? arms[1];
}
