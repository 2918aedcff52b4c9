import type { Backend } from "../../backends/backend.ts";
import type { Held } from "../assignments.ts";
import type { ArmLoad, ModelReport } from "./router-report.ts";

/** How one model is routed, and what that asks of the backends now. */
export function describeRouting(held: Held, inner: Pick<Backend, "costMs">): ModelReport {
  const { document, appliedAtMs, observing, lowered } = held;
  const rates = observing.rowsPerSecond();
  const load = document.arms.map(({ name, version }): [string, ArmLoad] => {
    const costMs = inner.costMs(document.model, version, 1);
    const rowsPerSecond = rates[name] ?? 0;
    return [name, Number.isFinite(costMs) ? { rowsPerSecond, costMs } : { rowsPerSecond }];
  });
  return {
    revision: document.revision,
    appliedAtMs,
    ...(lowered && { lowered }),
    observed: observing.observed(),
    load: Object.fromEntries(load),
  };
}
