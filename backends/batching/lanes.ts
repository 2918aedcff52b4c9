import type { Lane } from "./lane.ts";
import type { RunTime } from "./run-time.ts";

/** Every lane that a row was ever in. They stay: a family has only so many, and what was learned of their runs is worth keeping. */
export interface Lanes<Owner> {
  /** A new one is taken to cost what is usual. */
  of(key: string): Lane<Owner>;
  /** So many rows ran in this lane. */
  ran(lane: Lane<Owner>, rows: number): void;
  usual(): Usual;
}

/** The lane of the mean row, of late: what rows are taken to cost whose lane is not known. */
export interface Usual {
  readonly runTime: RunTime;
  readonly maxBatch: number;
}

/** When so many rows have been counted, each counts for half from then on. */
const memoryRows = 2000;

/** @param maxBatch By lane. */
export function createLanes<Owner>(maxBatch: (key: string) => number): Lanes<Owner> {
  const lanes = new Map<string, Lane<Owner>>();
  let allRows = 0;

  const usual = (): Usual => {
    const mean = { fixedMs: 0, rowMs: 0, maxBatch: allRows === 0 ? 1 : 0 };
    for (const { ranRows, runTime, maxBatch } of lanes.values()) {
      if (ranRows === 0) continue;
      const share = ranRows / allRows;
      mean.fixedMs += share * runTime.fixedMs;
      mean.rowMs += share * runTime.rowMs;
      mean.maxBatch += share * maxBatch;
    }
    return { runTime: mean, maxBatch: Math.round(mean.maxBatch) };
  };

  const fade = () => {
    allRows /= 2;
    for (const lane of lanes.values()) lane.ranRows /= 2;
  };

  return {
    of(key) {
      let lane = lanes.get(key);
      if (lane === undefined) {
        lane = createLane(key, Math.max(1, maxBatch(key)), usual().runTime);
        lanes.set(key, lane);
      }
      return lane;
    },
    ran(lane, rows) {
      lane.ranRows += rows;
      allRows += rows;
      if (allRows > memoryRows) fade();
    },
    usual,
  };
}

function createLane<Owner>(
  key: string,
  maxBatch: number,
  { fixedMs, rowMs }: RunTime,
): Lane<Owner> {
  return {
    key,
    maxBatch,
    runTime: { fixedMs, rowMs },
    runs: 0,
    ranRows: 0,
    refusals: 0,
    isDoubted: false,
    length: 0,
    first: undefined,
    last: undefined,
    latest: undefined,
  };
}
