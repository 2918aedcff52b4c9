import { sameOrder10 } from "./agreement.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";

/** A trial in one line, for people: what the gate judges, and the order, which it does not. */
export function figuresOf(trial: Trial, fp32: Trial): string {
  const groups = (["warm", "cold"] as const).map((group) => {
    const { metrics, users, agreement } = measuredAgainst(fp32[group], trial[group]);
    const order = sameOrder10(fp32[group].tops, trial[group].tops);
    const agreed =
      trial === fp32
        ? ""
        : `, of fp32's top 10 ${percent(agreement.overlap10)}, the same first ${percent(agreement.top1)}, the same order ${percent(order)}`;
    return `${users} ${group} users: HR@10 ${metrics.hr10.toFixed(3)}, NDCG@10 ${metrics.ndcg10.toFixed(3)}${agreed}`;
  });
  const times = Object.entries(trial.latency.batchMs).map(
    ([rows, ms]) => `${rows}: ${ms.toFixed(2)}`,
  );
  return `${groups.join("; ")}; ms by batch ${times.join(", ")} (${trial.latency.isa})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
