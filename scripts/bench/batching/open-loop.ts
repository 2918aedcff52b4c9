import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../../backends/backend.ts";
import { Random } from "../../../models/random.ts";
import { type Latencies, latenciesOf, poissonArrivals } from "./latencies.ts";
import { newCall, queryOf, type Workload } from "./workload.ts";

export interface OpenLoad {
  readonly rowsPerMs: number;
  readonly rows: number;
}

/** Single-row calls at times of their own, on the real clock; a latency counts from when its row should have been sent. */
export async function openLoopLatencies(
  backend: Backend,
  workload: Workload,
  load: OpenLoad,
): Promise<Latencies> {
  const random = new Random(5);
  const arrivals = poissonArrivals(load.rowsPerMs, () => random.share());
  const latencies: number[] = [];
  const startMs = performance.now();
  const answered: Promise<unknown>[] = [];
  for (let row = 0; row < load.rows; row++) {
    const dueMs = startMs + arrivals.next().value;
    while (performance.now() < dueMs) await untilNear(dueMs);
    const done = backend.answer([queryOf(workload, row, newCall())]);
    answered.push(done.then(() => latencies.push(performance.now() - dueMs)));
  }
  await Promise.all(answered);
  return latenciesOf(latencies);
}

/** A timer is a millisecond coarse; the rest is spent letting other events happen. */
function untilNear(timeMs: number): Promise<unknown> {
  const leftMs = timeMs - performance.now();
  return leftMs > 2 ? sleep(leftMs - 2) : new Promise((resolve) => setImmediate(resolve));
}
