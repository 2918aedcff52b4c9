/**
 * Where one call stands among all that wait. Each call has a row at a turn, so that one of many rows holds up nobody
 * who comes after it: fair queueing, as of packets, with calls for flows.
 */
export interface Turns {
  /** The turn of the call's next row. */
  next: number;
  /** Its rows that wait. */
  waiting: number;
}

/** What all calls have in common. */
export interface Round {
  /** The latest turn that any row had. */
  turn: number;
  /** Calls with rows that wait. */
  calls: number;
}

/** A call that comes now has its first row in the turn that comes next. */
export function enter({ turn }: Round): Turns {
  return { next: turn + 1, waiting: 0 };
}

/** A row of the call is queued; returns its turn. */
export function queued(round: Round, call: Turns): number {
  if (call.waiting++ === 0) round.calls++;
  return call.next++;
}

/** A row of the call is no longer queued. */
export function unqueued(round: Round, call: Turns): void {
  if (--call.waiting === 0) round.calls--;
}

/** Of the rows that wait, the share that comes before a row with this turn: at most one of each call in each turn. */
export function shareBefore({ turn, calls }: Round, rowTurn: number, rows: number): number {
  const turns = Math.max(1, rowTurn - turn);
  return rows === 0 ? 0 : Math.min(1, (calls * turns) / rows);
}
