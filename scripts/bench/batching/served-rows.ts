import { ServingError } from "../../../proto/serving-error.ts";
import type { ServedModel } from "./served-model.ts";
import { newCall, queryOf, type Workload } from "./workload.ts";

export interface Demand {
  /** Each has one call in flight, and sends the next when it is answered. */
  readonly callers: number;
  readonly rowsPerCall: number;
  /** Of all callers together; then they stop. */
  readonly totalRows: number;
}

export interface Served {
  readonly rowsPerS: number;
  /** The share of the time in which the engine had a run. */
  readonly busy: number;
}

/** What a backend answers to callers who never rest. */
export async function serveRows(
  { backend, ranMs }: ServedModel,
  workload: Workload,
  demand: Demand,
): Promise<Served> {
  let asked = 0;
  const caller = async () => {
    while (asked < demand.totalRows) {
      const call = newCall();
      const queries = Array.from({ length: demand.rowsPerCall }, () =>
        queryOf(workload, asked++, call),
      );
      for (const answer of await backend.answer(queries))
        if (answer instanceof ServingError) throw answer;
    }
  };
  const startMs = performance.now();
  const ranBefore = ranMs();
  await Promise.all(Array.from({ length: demand.callers }, caller));
  const tookMs = performance.now() - startMs;
  return { rowsPerS: (1000 * asked) / tookMs, busy: (ranMs() - ranBefore) / tookMs };
}
