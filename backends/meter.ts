import { type Code, ServingError } from "../proto/serving-error.ts";
import type { Answer } from "./backend.ts";

/**
 * What a backend tells about its work; `server/metrics` turns it into Prometheus series. No user or item ids.
 * Calls count rows, so that a batch costs a few calls and not a few per row.
 */
export interface Meter {
  /** `rows` that arrived together were taken into a batch after `waitMs`. */
  queued(waitMs: number, rows: number): void;
  /** One run, of one batch. */
  ran(rows: number, runMs: number): void;
  answered(answered: Answered): void;
  failed(code: Code, rows: number): void;
  /** Told once: whoever wants to know what waits and what runs asks when he does. */
  opened(load: () => BackendLoad): void;
}

/** As of now. */
export interface BackendLoad {
  readonly queuedRows: number;
  /** More are refused. */
  readonly maxQueuedRows: number;
  /** Given to a session, and not back yet. */
  readonly runningBatches: number;
}

export interface Answered {
  readonly rows: number;
  readonly coldStarts: number;
  readonly unknownIds: number;
}

export const silentMeter: Meter = {
  queued: () => {},
  ran: () => {},
  answered: () => {},
  failed: () => {},
  opened: () => {},
};

/** Counts the failures of one call by code. */
export function tellFailures(meter: Meter, answers: readonly Answer[]): void {
  const counts = new Map<Code, number>();
  for (const answer of answers)
    if (answer instanceof ServingError) counts.set(answer.code, (counts.get(answer.code) ?? 0) + 1);
  for (const [code, rows] of counts) meter.failed(code, rows);
}
