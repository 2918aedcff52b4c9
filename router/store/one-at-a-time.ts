import { ServingError } from "../../proto/serving-error.ts";

export interface Turns {
  /** Runs when those before it are done. Rejects with RESOURCE_EXHAUSTED when too many wait. */
  take<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Resolves when all that were let in are done. */
  idle(): Promise<void>;
}

export function oneAtATime(maxWaiting: number): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function take<Result>(task: () => Promise<Result>): Promise<Result> {
    if (waiting >= maxWaiting)
      throw new ServingError("RESOURCE_EXHAUSTED", `${waiting} others wait already; try again`);
    waiting++;
    const turn = last.then(task);
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      waiting--;
    }
  }

  return { take, idle: async () => void (await last) };
}
