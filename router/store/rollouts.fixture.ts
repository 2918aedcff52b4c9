import { randomUUID } from "node:crypto";
import { distributionOf } from "../distributions.fixture.ts";
import type { Distribution } from "../distribution.ts";
import type { Change, Rollout } from "../rollout/rollout.ts";
import type { RouterReport } from "../observe/router-report.ts";

/** A steady rollout with two arms, changed by somebody of its own. */
export function rolloutOf(
  distribution: Partial<Distribution> = {},
  changed: Partial<Change> = {},
): Rollout {
  return {
    format: 1,
    distribution: distributionOf({ stable: 9_500, canary: 500 }, distribution),
    state: { phase: "steady" },
    changed: {
      auditId: randomUUID(),
      verb: "set weight",
      by: "alice",
      from: "10.0.0.1",
      reason: "more of the new",
      atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      ...changed,
    },
  };
}

export function reportOf(router: string, revision: number): RouterReport {
  const observed = { arms: { stable: { rows: 3, users: "AAAA" } }, contradictions: 0 };
  const load = { stable: { rowsPerSecond: 2, costMs: 0.5 }, canary: { rowsPerSecond: 0 } };
  const models = { toy: { revision, appliedAtMs: 1_000, observed, load } };
  return { router, atMs: 2_000, models };
}
