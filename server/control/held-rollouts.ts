import { createDwelling } from "../../router/rollout/dwelling.ts";
import { revisionOf } from "../../router/rollout/revision-of.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { Routed } from "./routed.ts";

/** The newest rollout of each model: what this process routes by. */
export interface HeldRollouts {
  /** Settles when calls are routed by it, or by a newer one: only higher revisions are taken. */
  take(rollout: Rollout): Promise<void>;
  readonly of: (model: string) => Rollout | undefined;
  readonly all: () => readonly Rollout[];
  /** 0: none, or one to begin with. */
  revisionOf(model: string): number;
  /** For how long this router has seen the rollout's step run; 0 when it does not hold that. */
  readonly dweltMs: (rollout: Rollout) => number;
}

/**
 * A rollout of revision 0 is one to begin with: any other takes its place.
 * @param taken Told of each that is routed by now.
 * @param monotonicMs Of a clock that nobody sets.
 */
export function holdRollouts(
  routed: Pick<Routed, "apply">,
  taken: (rollout: Rollout) => void,
  monotonicMs = () => performance.now(),
): HeldRollouts {
  const byModel = new Map<string, Rollout>();
  const dwelling = createDwelling(monotonicMs);
  return {
    async take(rollout) {
      const { model, revision } = rollout.distribution;
      const held = byModel.get(model)?.distribution;
      if (held !== undefined && revision <= held.revision) return;
      byModel.set(model, rollout);
      dwelling.took(rollout);
      await routed.apply(rollout.distribution);
      taken(rollout);
    },
    of: (model) => byModel.get(model),
    all: () => [...byModel.values()],
    revisionOf: (model) => revisionOf(byModel.get(model)),
    dweltMs: dwelling.dweltMs,
  };
}
