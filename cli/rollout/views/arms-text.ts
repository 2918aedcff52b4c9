import type { Rollout } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";

/** E.g. "stable 1 9500bp, canary 2 500bp". */
export function armsText({ arms, killSwitch }: Pick<Rollout, "arms" | "killSwitch">): string {
  const each = arms
    .map(({ name, version, basisPoints }) => `${name} ${version} ${formatBasisPoints(basisPoints)}`)
    .join(", ");
  return killSwitch === "" ? each : `${each}; everybody to ${killSwitch} by kill switch`;
}
