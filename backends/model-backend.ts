import type { Family } from "../models/family.ts";
import type { Backend } from "./backend.ts";
import { type Batcher, createBatcher } from "./batching/batcher.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import { type Meter, silentMeter, tellFailures } from "./meter.ts";
import { createPendingCalls } from "./pending/pending.ts";
import { createQueryReading } from "./model/read-queries.ts";
import { answerAll, closed } from "./refusals.ts";
import { createReplier } from "./model/replier.ts";
import { createBatchRunner, type PendingRow, type PendingRows } from "./model/run-batch.ts";
import type { LaneRun } from "./model/time-runs.ts";

export interface ModelBackendOptions {
  readonly model: string;
  readonly version: string;
  /** Default: the engine's. */
  readonly name?: string;
  readonly family: Family;
  /** The backend's from now on: it closes it. */
  readonly engine: Engine;
  /** From `timeRuns`; without them the first predictions are zero. */
  readonly timedRuns?: readonly LaneRun[];
  /** Default 4,096. */
  readonly maxQueuedRows?: number;
  /** An answer leaves this long before its deadline, so that it arrives. Default 10. */
  readonly replyMarginMs?: number;
  readonly meter?: Meter;
  readonly clock?: Clock;
}

/** One version of one model, on one engine. */
export function modelBackend(options: ModelBackendOptions): Backend {
  const { model, version, family, engine, name = engine.name } = options;
  const { meter = silentMeter, clock = systemClock } = options;
  let closing: Promise<void> | undefined;
  const isOpen = () => closing === undefined;
  const holds = (wanted: string, wantedVersion: string) =>
    wanted === model && (wantedVersion === "" || wantedVersion === version);

  const calls = createPendingCalls<PendingRow>({
    ...options,
    abandon: (row) => batcher.remove(row),
    finished: (answers) => tellFailures(meter, answers),
  });
  const replier = createReplier(family, { model, version, backend: name }, meter);
  const batcher = createBatcher<PendingRows>({
    ...options,
    ...createBatchRunner({ engine, family, calls, replier, clock }),
    maxBatch: (lane) => family.maxBatch(lane),
  });
  const read = createQueryReading({ model, version, family, calls, batcher, replier, clock });
  seed(batcher, options.timedRuns ?? []);
  meter.opened(batcher.load);

  return {
    name,
    answer(queries) {
      if (!isOpen()) return answerAll(queries, closed(name));
      const call = calls.open(queries);
      read(call);
      return call.answered;
    },
    isReady: (wanted, wantedVersion) =>
      isOpen() && holds(wanted, wantedVersion) && engine.isReady() && !hangs(engine, clock.now()),
    costMs: (wanted, wantedVersion, rows) =>
      isOpen() && holds(wanted, wantedVersion) ? batcher.costMs(rows) : Infinity,
    close: () => (closing ??= calls.drained().then(() => engine.close())),
  };
}

/** A run in native code cannot be stopped: the backend is of use again when one ends. */
function hangs(engine: Engine, nowMs: number): boolean {
  return engine.sessions().every((session) => session.hangs(nowMs));
}

function seed(batcher: Batcher<PendingRows>, timedRuns: readonly LaneRun[]): void {
  for (const lane of new Set(timedRuns.map((run) => run.lane))) {
    const runs = timedRuns.filter((run) => run.lane === lane);
    batcher.seed(lane, runs);
  }
}
