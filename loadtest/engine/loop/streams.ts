import { portion, type Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";

/** Room for one call in flight, and the call that it has or had. All times are ms from the start of counting. */
export interface Stream {
  readonly index: number;
  /** Of this worker's. */
  readonly connection: number;
  /** How many calls it had: tells the present one from those before. */
  calls: number;
  dueMs: number;
  leftMs: number;
  endedMs: number;
  /** Since when it was free for this call. */
  freeMs: number;
  /** The plan cancelled it. */
  isCancelled: boolean;
}

/** Which of the run's connections are one worker's. */
export function connectionsOf({ connections }: RunPlan, { index, of }: Share): number[] {
  const own: number[] = [];
  for (let connection = index; connection < connections; connection += of) own.push(connection);
  return own;
}

/** A worker's streams, one of each connection after the other, so that calls go to connections in turn. */
export function streamsOf(plan: RunPlan, share: Share): Stream[] {
  const sizes = connectionsOf(plan, share).map((index) => streamsOn(index, plan));
  const streams: Stream[] = [];
  for (let round = 0; round < Math.max(0, ...sizes); round++) {
    for (const [connection, size] of sizes.entries()) {
      if (round < size) streams.push(emptyStream(streams.length, connection));
    }
  }
  return streams;
}

function streamsOn(connection: number, plan: RunPlan): number {
  const { schedule, connections, streamsPerConnection } = plan;
  if (schedule.kind !== "closed") return streamsPerConnection;
  return portion(schedule.streams, { index: connection, of: connections });
}

function emptyStream(index: number, connection: number): Stream {
  return {
    index,
    connection,
    calls: 0,
    dueMs: 0,
    leftMs: 0,
    endedMs: 0,
    freeMs: -Infinity,
    isCancelled: false,
  };
}
