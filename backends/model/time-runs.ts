import type { Family } from "../../models/family.ts";
import type { Run } from "../batching/run-time.ts";
import type { Engine } from "../engine.ts";

export interface LaneRun extends Run {
  readonly lane: string;
}

const rounds = 2;

/**
 * What the family's made-up batches take on a warm engine that does nothing else: the fastest of two runs. Rejects when
 * the family can make nothing of their outputs.
 */
export async function timeRuns(engine: Engine, family: Family): Promise<readonly LaneRun[]> {
  const fastest = new Map<string, LaneRun>();
  for (let round = 0; round < rounds; round++) {
    for (const { lane, rows, feeds } of family.warmUp()) {
      let ms = Infinity;
      const ran = (runMs: number) => (ms = runMs);
      const { signal } = new AbortController();
      const outputs = await engine.run(feeds, { deadlineMs: Infinity, signal, ran });
      family.checkOutputs({ lane, rows }, outputs);
      const run = { lane, rows, ms };
      const key = `${lane} x ${rows}`;
      if (run.ms < (fastest.get(key)?.ms ?? Infinity)) fastest.set(key, run);
    }
  }
  return [...fastest.values()];
}
