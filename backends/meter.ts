import type { Code } from "../proto/serving-error.ts";

/** What a backend tells about its work; `server/metrics` turns it into Prometheus series. No user or item ids. */
export interface Meter {
  /** From arrival until its batch was formed. */
  queued(waitMs: number): void;
  ran(rows: number, runMs: number): void;
  answered(coldStart: boolean, unknownIds: number): void;
  failed(code: Code): void;
}

export const silentMeter: Meter = {
  queued: () => {},
  ran: () => {},
  answered: () => {},
  failed: () => {},
};
