import type { Family } from "../../models/family.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Engine } from "../engine.ts";
import type { Run } from "../batching/run-time.ts";

export interface LaneRun extends Run {
  readonly lane: string;
}

/** Runs the family's made-up batches until every session of the engine has seen each, and times the last of them. */
export async function warmUp(
  engine: Engine,
  family: Family,
  clock: Clock = systemClock,
): Promise<readonly LaneRun[]> {
  await Promise.all(Array.from({ length: engine.parallel }, () => runAll(engine, family, clock)));
  return runAll(engine, family, clock);
}

async function runAll(engine: Engine, family: Family, clock: Clock): Promise<LaneRun[]> {
  const runs: LaneRun[] = [];
  for (const { lane, rows, feeds } of family.warmUp()) {
    const startedMs = clock.now();
    await engine.run(feeds, { deadlineMs: Infinity, signal: new AbortController().signal });
    runs.push({ lane, rows, ms: clock.now() - startedMs });
  }
  return runs;
}
