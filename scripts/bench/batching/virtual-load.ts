import { modelBackend } from "../../../backends/model-backend.ts";
import { createQuery } from "../../../backends/query.ts";
import { computeToy, createToyFamily, toyRequest } from "../../../backends/toy-family.ts";
import { createVirtualClock } from "../../../backends/virtual-clock.ts";
import { createVirtualEngine } from "../../../backends/virtual-engine.ts";
import { Random } from "../../../models/random.ts";
import type { CostCurve } from "./cost-curve.ts";
import { type Latencies, latenciesOf, poissonArrivals } from "./latencies.ts";
import { newCall } from "./workload.ts";

export interface VirtualLoad {
  readonly rowsPerMs: number;
  readonly costMs: CostCurve;
  readonly maxBatch: number;
  readonly rows: number;
}

export interface VirtualFigures extends Latencies {
  readonly meanBatch: number;
}

/**
 * Single-row calls that arrive independently of each other, at a real backend whose engine takes time on a virtual
 * clock: what batching itself does to latency, without this machine's noise.
 */
export async function virtualLatencies(load: VirtualLoad): Promise<VirtualFigures> {
  const clock = createVirtualClock();
  let batches = 0;
  const engine = createVirtualEngine({
    clock,
    compute: computeToy,
    costMs(feeds) {
      batches++;
      return load.costMs(feeds["sums"]!.dims[0]!);
    },
  });
  const backend = modelBackend({
    model: "toy",
    version: "1",
    family: createToyFamily(load.maxBatch),
    engine,
    clock,
  });
  const request = toyRequest("ann");
  const names = { model: "toy", version: "", user: new Uint8Array() };
  const random = new Random(4);
  const arrivals = poissonArrivals(load.rowsPerMs, () => random.share());
  const latencies: number[] = [];
  for (let row = 0; row < load.rows; row++) {
    const arrivedMs: number = arrivals.next().value;
    await clock.advanceTo(arrivedMs);
    const query = createQuery(request, newCall(), names);
    void backend.answer([query]).then(() => latencies.push(clock.now() - arrivedMs));
  }
  while (await clock.step());
  return { ...latenciesOf(latencies), meanBatch: load.rows / batches };
}
