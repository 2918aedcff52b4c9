import type { Family } from "../../models/family.ts";
import type { Tensors } from "../../models/tensors.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Batch } from "../batching/batch.ts";
import type { BatchRunner } from "../batching/dispatch.ts";
import type { Clock } from "../clock.ts";
import type { Call } from "../../transport/call.ts";
import type { Engine, RunCall } from "../engine.ts";
import type { Ticket } from "../batching/lane.ts";
import type { Pending, PendingCalls } from "../pending/pending.ts";
import { inSlices } from "./in-slices.ts";
import { bytesOf, type Replier } from "./replier.ts";

/** A row of a pending call, waiting for its run. */
export type PendingRow = Ticket<Pending<PendingRow>>;
export type PendingRows = Pending<PendingRow>;

export interface RunBatchOptions {
  readonly engine: Engine;
  readonly family: Family;
  readonly calls: PendingCalls<PendingRow>;
  readonly replier: Replier;
  readonly clock: Clock;
}

/** Runs batches of pending rows and settles each of them. */
export function createBatchRunner(options: RunBatchOptions): BatchRunner<PendingRows> {
  const { engine, family, calls, replier, clock } = options;

  const deliver = (batch: Batch<PendingRows>, outputs: Tensors) => {
    const reply = (place: number): number => {
      const { owner, index, row } = batch.tickets[place]!;
      // A row that was answered meanwhile, because it was due or cancelled, needs no reply.
      if (owner.answers[index] !== undefined) return 0;
      const answer = replier.reply(row, { outputs, index: place });
      calls.settle(owner, index, answer);
      return bytesOf(answer);
    };
    const { length: count } = batch.tickets;
    inSlices({ count, do: reply, paused: () => replier.tell() }, clock);
  };

  return {
    sessions: () => engine.sessions(),
    async run(batch) {
      let runMs = 0;
      const ran = (tookMs: number) => (runMs = tookMs);
      const outputs = await engine.run(encode(batch, family), { ...runCall(batch), ran });
      return { runMs, deliver: () => deliver(batch, outputs) };
    },
    fail(batch, error) {
      const answer = engineFailure(engine.name, error);
      for (const { owner, index } of batch.tickets) calls.settle(owner, index, answer);
    },
    refuse: ({ owner, index }, error) => calls.settle(owner, index, error),
  };
}

function encode(batch: Batch<PendingRows>, family: Family): Tensors {
  try {
    return family.encode(batch.tickets.map(({ row }) => row));
  } catch (error) {
    throw ServingError.from(error);
  }
}

const never = new AbortController().signal;

/** The run matters until the last of its rows is due, and may be called off only if one caller sent them all. */
function runCall({ tickets, expectedMs }: Batch<PendingRows>): RunCall {
  let deadlineMs = 0;
  let signal = callOf(tickets[0]!).signal;
  for (const ticket of tickets) {
    deadlineMs = Math.max(deadlineMs, ticket.dueMs);
    if (callOf(ticket).signal !== signal) signal = never;
  }
  return { deadlineMs, signal, expectedMs };
}

function callOf({ owner, index }: PendingRow): Call {
  return owner.queries[index]!.call;
}

function engineFailure(engine: string, error: unknown): ServingError {
  if (!(error instanceof ServingError)) {
    return new ServingError("UNAVAILABLE", `engine "${engine}" failed; retry elsewhere`, {
      cause: error,
    });
  }
  // The feeds were made here: no caller can help it if they do not fit.
  return error.code === Code.INVALID_ARGUMENT ? ServingError.from({ cause: error }) : error;
}
