import type { Distribution } from "../distribution.ts";
import { hasSameContent } from "./has-same-content.ts";
import type { Rollout } from "./rollout.ts";

/**
 * What `undo` goes back to when nobody says where: what held before the last change of the distribution. After an undo
 * that is what was undone.
 * @param history Newest first; what the rollout is itself may be there.
 */
export function formerOf(
  { distribution }: Rollout,
  history: readonly Rollout[],
): Distribution | undefined {
  return history
    .map((entry) => entry.distribution)
    .find(
      (former) => former.revision < distribution.revision && !hasSameContent(former, distribution),
    );
}
