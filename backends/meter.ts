import type { Code } from "../proto/serving-error.ts";

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
};
