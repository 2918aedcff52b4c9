import type { Backend } from "../../../backends/backend.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { newCall, queryOf, type Workload } from "./workload.ts";

export interface Demand {
  /** Each has one call in flight, and sends the next when it is answered. */
  readonly callers: number;
  readonly rowsPerCall: number;
  /** Of all callers together; then they stop. */
  readonly totalRows: number;
}

/** Rows per second that a backend answers to callers who never rest. */
export async function servedRowsPerS(
  backend: Backend,
  workload: Workload,
  demand: Demand,
): Promise<number> {
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
  await Promise.all(Array.from({ length: demand.callers }, caller));
  return (1000 * asked) / (performance.now() - startMs);
}
