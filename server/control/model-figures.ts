import type { RouterReport } from "../../router/observe/router-report.ts";
import type { ModelFigures } from "../metrics/control-metrics.ts";
import type { FollowedStore } from "./follow-store.ts";

/** What metrics show of each model that this process routes. */
export function modelFigures(
  { models }: RouterReport,
  followed: Pick<FollowedStore, "stored">,
): readonly ModelFigures[] {
  return Object.entries(models).map(([model, { observed, lowered }]) => {
    const arms = Object.entries(observed.arms);
    const rows = arms.reduce((sum, [, arm]) => sum + arm.rows, 0);
    return {
      model,
      storeRevision: followed.stored(model)?.distribution.revision,
      contradictions: observed.contradictions,
      shares: new Map(rows === 0 ? [] : arms.map(([name, arm]) => [name, arm.rows / rows])),
      lowered: new Map(lowered ? [[lowered.arm, lowered.weight]] : []),
    };
  });
}
