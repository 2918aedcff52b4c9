import type { Pace } from "./pace.ts";

/** Which of a run's calls are one worker's: number `index`, and every `of`-th from there. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** Calls of a schedule, from the first one on. Kept and moved, so that sending allocates nothing. */
export interface Deal {
  /** In the whole schedule. */
  readonly number: number;
  /** From the start of the schedule; Infinity when there are no more. */
  readonly dueMs: number;
  advance(): void;
}

/** All shares together are the schedule, exactly: each worker goes through all of it and takes what is its own. */
export function deal(pace: Pace, { index, of }: Share): Deal {
  let number = -1;
  let dueMs = 0;

  function take(count: number): void {
    for (let passed = 0; passed < count && dueMs !== Infinity; passed++) {
      dueMs = pace.next();
      number++;
    }
  }

  take(index + 1);
  return {
    get number() {
      return number;
    },
    get dueMs() {
      return dueMs;
    },
    advance: () => take(of),
  };
}

/** How many of `total` fall to the share: none has two more than another. */
export function portion(total: number, { index, of }: Share): number {
  return Math.floor(total / of) + (index < total % of ? 1 : 0);
}

/** The share of a worker of a generator. */
export function shareWithin(outer: Share, inner: Share): Share {
  return { index: outer.index + inner.index * outer.of, of: outer.of * inner.of };
}
