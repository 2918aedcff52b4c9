import type { ServingError } from "../../proto/serving-error.ts";
import type { Tensors } from "../../models/tensors.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createVirtualEngine } from "../virtual-engine.ts";
import type { Batch } from "./batch.ts";
import { silentMeter } from "../meter.ts";
import { type Batcher, type BatcherOptions, createBatcher } from "./batcher.ts";
import type { Ticket } from "./lane.ts";
import type { Turns } from "./turns.ts";

export type Outcome = "ran" | "failed" | ServingError;

/** Whose row it is: all that happened to it. */
export interface Guest {
  readonly outcomes: Outcome[];
}

export interface SceneOptions extends Partial<Pick<BatcherOptions<Guest>, "maxQueuedRows">> {
  readonly workers?: number;
  readonly maxBatch?: number;
  /** The true cost of a batch. Default: `runMs` of its rows. */
  readonly costMs?: (batch: Batch<Guest>) => number;
}

export const runMs = (rows: number) => 10 + rows;
/** Of calls that are never over. */
const patient = { deadlineMs: Infinity, signal: new AbortController().signal };
export const timedRuns = [1, 4].map((rows) => ({ rows, ms: runMs(rows) }));

/** A batcher in virtual time, and a record of all that it did. */
export function createScene({
  workers = 1,
  maxQueuedRows = 100,
  maxBatch = 4,
  costMs = ({ tickets }) => runMs(tickets.length),
}: SceneOptions = {}) {
  const clock = createVirtualClock();
  const costs = new WeakMap<Tensors, number>();
  const engine = createVirtualEngine({
    clock,
    workers,
    compute: (feeds) => feeds,
    costMs: (feeds) => costs.get(feeds)!,
  });
  const tickets: Ticket<Guest>[] = [];
  const batches: Batch<Guest>[] = [];
  /** Of batches whose time was predicted from runs of their lane, and not tried after refusals. */
  const endsMs = new Map<Batch<Guest>, number>();
  const ranMs: number[] = [];
  const batcher: Batcher<Guest> = createBatcher<Guest>({
    maxQueuedRows,
    maxBatch: () => maxBatch,
    clock,
    meter: { ...silentMeter, ran: (_, runMs) => ranMs.push(runMs) },
    sessions: () => engine.sessions(),
    async run(batch) {
      batches.push(batch);
      const isPredicted = batch.lane.runs > 0 && !batch.lane.isDoubted;
      const feeds = {};
      costs.set(feeds, costMs(batch));
      let runMs = 0;
      const ran = (tookMs: number) => (runMs = tookMs);
      await engine.run(feeds, { ...patient, expectedMs: batch.expectedMs, ran });
      if (isPredicted) endsMs.set(batch, clock.now());
      return {
        runMs,
        deliver: () => batch.tickets.forEach(({ owner }) => owner.outcomes.push("ran")),
      };
    },
    fail: (batch) => batch.tickets.forEach(({ owner }) => owner.outcomes.push("failed")),
    refuse: ({ owner }, error) => owner.outcomes.push(error),
  });
  const arriveAs = (turns: Turns, lane: string, dueMs: number) => {
    const index = tickets.length;
    const ticket = createTicket({ lane, dueMs, index, arrivedMs: clock.now(), turns });
    tickets.push(ticket);
    batcher.add(ticket);
    return ticket;
  };
  const arrive = (lane = "a", dueMs = Infinity) => arriveAs(batcher.enter(), lane, dueMs);
  /** Rows of one call. */
  const arriveTogether = (rows: number, lane = "a", dueMs = Infinity) => {
    const turns = batcher.enter();
    return Array.from({ length: rows }, () => arriveAs(turns, lane, dueMs));
  };
  /** To the end of the event loop's turn. */
  const endTurn = () => clock.advanceTo(clock.now());
  const waiting = () => tickets.filter(({ lane }) => lane !== undefined);
  const idles = () => engine.sessions().some(({ runs }) => runs === 0);
  const acts = { arrive, arriveTogether, endTurn, waiting, idles };
  return { clock, batcher, tickets, batches, endsMs, ranMs, ...acts };
}

export interface NewTicket extends Pick<Ticket<Guest>, "dueMs" | "index" | "arrivedMs" | "turns"> {
  readonly lane: string;
}

export function createTicket({ lane, ...ticket }: NewTicket): Ticket<Guest> {
  const row = { lane, needsRun: true, coldStart: false, unknownCount: 0 };
  return {
    owner: { outcomes: [] },
    row,
    ...ticket,
    turn: 0,
    lane: undefined,
    before: undefined,
    after: undefined,
  };
}

/** Which rows each batch held, by order of arrival. */
export function indexes(batches: readonly Batch<Guest>[]): number[][] {
  return batches.map(({ tickets }) => tickets.map(({ index }) => index));
}
