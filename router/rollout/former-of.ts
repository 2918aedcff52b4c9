import type { Distribution } from "../distribution.ts";
import { hasSameContent } from "./has-same-content.ts";
import { movedBasisPoints } from "./moved-basis-points.ts";
import type { Rollout } from "./rollout.ts";

/**
 * What `undo` goes back to when nobody says where: what held before the last change of the distribution. After an undo
 * that is what was undone. A promotion whose canary had everybody already moves nobody, and its undo would not either: that
 * goes back to when some user had another version.
 * @param history Newest first; what the rollout is itself may be there.
 */
export function formerOf(
  { distribution, state }: Pick<Rollout, "distribution" | "state">,
  history: readonly Rollout[],
): Distribution | undefined {
  const others = history
    .map((entry) => entry.distribution)
    .filter(
      (former) => former.revision < distribution.revision && !hasSameContent(former, distribution),
    );
  const hasMoved = (former: Distribution) => movedBasisPoints(former, distribution) > 0;
  return (state.phase === "promoted" ? others.find(hasMoved) : undefined) ?? others[0];
}
