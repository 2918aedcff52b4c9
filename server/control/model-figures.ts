import type { RouterReport } from "../../router/observe/router-report.ts";
import type { ModelFigures } from "../metrics/control-metrics.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface FiguresOf {
  readonly held: Pick<HeldRollouts, "of">;
  readonly followed: Pick<FollowedStore, "stored">;
}

/** What metrics show of each model that this process routes. */
export function modelFigures(
  { models }: RouterReport,
  { held, followed }: FiguresOf,
): readonly ModelFigures[] {
  return Object.entries(models).map(([model, { observed, lowered, load }]) => {
    const stored = followed.stored(model)?.distribution;
    const rollout = held.of(model);
    return {
      model,
      storeRevision: stored?.revision,
      storeWeights: new Map(stored?.arms.map(({ name, weight }) => [name, weight])),
      phase: rollout?.state.phase,
      arms: (rollout?.distribution.arms ?? []).map(({ name, version }) => ({
        arm: name,
        version,
        // What nothing holds has no cost.
        isHeld: load[name]?.costMs !== undefined,
      })),
      contradictions: observed.contradictions,
      shares: sharesOf(observed.arms),
      lowered: new Map(lowered ? [[lowered.arm, lowered.weight]] : []),
    };
  });
}

function sharesOf(
  arms: Readonly<Record<string, { readonly rows: number }>>,
): ReadonlyMap<string, number> {
  const all = Object.entries(arms);
  const rows = all.reduce((sum, [, arm]) => sum + arm.rows, 0);
  return new Map(rows === 0 ? [] : all.map(([name, arm]) => [name, arm.rows / rows]));
}
