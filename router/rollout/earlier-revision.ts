import type { Distribution } from "../distribution.ts";
import { hasSameContent } from "./has-same-content.ts";

export interface Undone {
  /** What an undo went back to. */
  readonly former: Distribution;
  /** What it left. */
  readonly left: Distribution;
}

/**
 * One further back than an undo went; undefined: nothing is. A second undo would only bring back what the first one left.
 * @param history Newest first.
 */
export function earlierRevision(
  { former, left }: Undone,
  history: readonly Distribution[],
): number | undefined {
  return history.find(
    (one) =>
      one.revision < former.revision && !hasSameContent(one, former) && !hasSameContent(one, left),
  )?.revision;
}
