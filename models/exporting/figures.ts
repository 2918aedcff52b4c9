import { sameOrder10 } from "./agreement.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";

/** A trial in one line, for people. */
export function figuresOf(trial: Trial, fp32: Trial): string {
  const groups = (["warm", "cold"] as const).map((group) => {
    const { metrics, users } = measuredAgainst(fp32[group], trial[group]);
    const same = 100 * sameOrder10(fp32[group].tops, trial[group].tops);
    return `${group} HR@10 ${metrics.hr10.toFixed(3)}, NDCG@10 ${metrics.ndcg10.toFixed(3)}, top 10 as fp32 ${same.toFixed(1)}% of ${users}`;
  });
  const times = Object.entries(trial.latency.batchMs).map(
    ([rows, ms]) => `${rows}: ${ms.toFixed(2)}`,
  );
  return `${groups.join("; ")}; ms by batch ${times.join(", ")} (${trial.latency.isa})`;
}
