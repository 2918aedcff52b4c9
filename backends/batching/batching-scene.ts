import type { ServingError } from "../../proto/serving-error.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createVirtualSessions } from "../virtual-sessions.ts";
import type { Batch } from "./batch.ts";
import { type Batcher, type BatcherOptions, createBatcher } from "./batcher.ts";
import type { Ticket } from "./lane.ts";

export type Outcome = "ran" | "failed" | ServingError;

/** Whose row it is: all that happened to it. */
export interface Guest {
  readonly outcomes: Outcome[];
}

export interface SceneOptions extends Partial<
  Pick<BatcherOptions<Guest>, "parallel" | "maxQueuedRows">
> {
  readonly maxBatch?: number;
}

/** The true cost of a run. */
export const runMs = (rows: number) => 10 + rows;
export const timedRuns = [1, 4].map((rows) => ({ rows, ms: runMs(rows) }));

/** A batcher in virtual time, and a record of all that it did. */
export function createScene({
  parallel = 1,
  maxQueuedRows = 100,
  maxBatch = 4,
}: SceneOptions = {}) {
  const clock = createVirtualClock();
  const sessions = createVirtualSessions(clock, parallel);
  const tickets: Ticket<Guest>[] = [];
  const batches: Batch<Guest>[] = [];
  /** Of batches whose time was predicted from runs of their lane, and not tried after refusals. */
  const endsMs = new Map<Batch<Guest>, number>();
  const batcher: Batcher<Guest> = createBatcher<Guest>({
    parallel,
    maxQueuedRows,
    maxBatch: () => maxBatch,
    clock,
    async run(batch) {
      batches.push(batch);
      const isPredicted = batch.lane.runs > 0;
      await sessions.run(runMs(batch.tickets.length));
      if (isPredicted) endsMs.set(batch, clock.now());
      return () => batch.tickets.forEach(({ owner }) => owner.outcomes.push("ran"));
    },
    fail: (batch) => batch.tickets.forEach(({ owner }) => owner.outcomes.push("failed")),
    refuse: ({ owner }, error) => owner.outcomes.push(error),
  });
  const arrive = (lane = "a", dueMs = Infinity) => {
    const ticket = createTicket({ lane, dueMs, index: tickets.length, arrivedMs: clock.now() });
    tickets.push(ticket);
    batcher.add(ticket);
    return ticket;
  };
  /** To the end of the event loop's turn. */
  const endTurn = () => clock.advanceTo(clock.now());
  return { clock, batcher, tickets, batches, endsMs, arrive, endTurn };
}

export interface NewTicket extends Pick<Ticket<Guest>, "dueMs" | "index" | "arrivedMs"> {
  readonly lane: string;
}

export function createTicket({ lane, ...ticket }: NewTicket): Ticket<Guest> {
  const row = { lane, needsRun: true, coldStart: false, unknownCount: 0 };
  return {
    owner: { outcomes: [] },
    row,
    ...ticket,
    lane: undefined,
    before: undefined,
    after: undefined,
  };
}

/** Which rows each batch held, by order of arrival. */
export function indexes(batches: readonly Batch<Guest>[]): number[][] {
  return batches.map(({ tickets }) => tickets.map(({ index }) => index));
}
