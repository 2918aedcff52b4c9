import { ServingError } from "../../proto/serving-error.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { EngineSession, RunCall } from "../engine.ts";
import { createRunQueue } from "./run-queue.ts";
import { createSeat } from "./seat.ts";
import type { Ran } from "./session-plan.ts";
import type { SessionThread } from "./session-thread.ts";

/** The threads of one engine, replaced as they die, with one queue before them. */
export interface Crew {
  /** False while every thread is being replaced. */
  isAlive(): boolean;
  sessions(): readonly EngineSession[];
  /** Rejects with a ServingError. */
  run(feeds: ArrayBuffer, call: RunCall): Promise<Ran>;
  /** Resolves when the runs that were sent have settled and the threads are gone, or were left to themselves. */
  close(): Promise<void>;
}

export interface CrewOptions {
  /** Of the engine. */
  readonly name: string;
  readonly threads: readonly SessionThread[];
  /** Opens the replacement of one. */
  readonly open: () => Promise<SessionThread>;
  readonly maxWaiting: number;
  readonly lost: (why: Error, restartMs: number) => void;
  /** For threads to end when they are told to. */
  readonly closeMs: number;
  /** They did not. */
  readonly abandoned: (why: Error) => void;
  readonly clock?: Clock;
}

export function createCrew(options: CrewOptions): Crew {
  const { name, threads, open, maxWaiting, lost } = options;
  const { closeMs, abandoned, clock = systemClock } = options;
  const active = new Set<Promise<Ran>>();
  let lastLoss: Error | undefined;

  const queue = createRunQueue({
    threads: () => seats.flatMap((seat) => seat.thread() ?? []),
    unavailable: () => replacing(name, lastLoss),
    maxWaiting,
    now: () => clock.now(),
  });
  const seats = threads.map((thread) =>
    createSeat(thread, {
      open,
      opened: () => queue.changed(),
      lost: (why, restartMs) => {
        lastLoss = why;
        queue.changed();
        lost(why, restartMs);
      },
    }),
  );

  queue.changed();

  const stopAll = async () => {
    await Promise.allSettled(active);
    await Promise.all(seats.map((seat) => seat.close()));
  };

  return {
    sessions: () => queue.sessions(),
    isAlive: () => seats.some((seat) => seat.thread() !== undefined),
    run: async (feeds, call) => {
      const sent = queue.send(feeds, call);
      active.add(sent);
      try {
        return await sent;
      } finally {
        active.delete(sent);
      }
    },
    close: async () => {
      if (await settlesBy(clock, clock.now() + closeMs, stopAll())) return;
      const why = hanging(name, closeMs);
      for (const seat of seats) seat.abandon(why);
      await Promise.allSettled(active);
      abandoned(why);
    },
  };
}

/** Whether it settled in time. */
function settlesBy(clock: Clock, timeMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = clock.at(timeMs, () => resolve(false));
    void work.finally(callOff).then(
      () => resolve(true),
      () => resolve(true),
    );
  });
}

function hanging(name: string, closeMs: number): Error {
  const left = "what still runs is left behind, with its memory, until the process ends";
  return new Error(`engine "${name}" did not close within ${closeMs} ms; ${left}`);
}

function replacing(name: string, cause: Error | undefined): ServingError {
  const message = `engine "${name}" lost its sessions and is replacing them; try another`;
  return new ServingError("UNAVAILABLE", message, { cause });
}
