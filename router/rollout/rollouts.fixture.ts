import type { Distribution } from "../distribution.ts";
import { distributionOf } from "../distributions.fixture.ts";
import { changeRollout } from "./change-rollout.ts";
import type { Intent } from "./intent.ts";
import type { Author, Rollout } from "./rollout.ts";
import { parseSteps } from "./steps-text.ts";

export const minutes = 60_000;

export function authorAt(atMs: number): Author {
  return { auditId: "a1", by: "ann", from: "10.0.0.1", reason: "because", atMs };
}

export function steady(
  weights: Readonly<Record<string, number>>,
  others: Partial<Distribution> = {},
): Rollout {
  return {
    format: 1,
    distribution: distributionOf(weights, others),
    state: { phase: "steady" },
    changed: { ...authorAt(0), verb: "apply" },
  };
}

export function change(rollout: Rollout | undefined, intent: Intent, nowMs = 0): Rollout {
  const model = rollout?.distribution.model ?? "toy";
  return changeRollout({ model, rollout }, intent, authorAt(nowMs));
}

/** At the first of these steps since the time 0. */
export function stepping(steps: string, others: Partial<Distribution> = {}): Rollout {
  return change(steady({ stable: 10_000, canary: 0 }, others), {
    verb: "set steps",
    steps: parseSteps(steps),
  });
}

/** By arm, as `set weight` takes them. */
export function weightsOf({ distribution }: Rollout): Readonly<Record<string, number>> {
  return Object.fromEntries(distribution.arms.map(({ name, weight }) => [name, weight]));
}
