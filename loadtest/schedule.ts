/**
 * When calls are to leave, decided before the first one does: by this record and the plan's seed alone, whoever sends
 * them and however many do. Rates are calls per second of all generators together.
 */
export type Schedule =
  | { readonly kind: "constant"; readonly perSecond: number; readonly forMs: number }
  /** Independent callers: gaps are exponential. */
  | { readonly kind: "poisson"; readonly perSecond: number; readonly forMs: number }
  /** One rate after another. */
  | {
      readonly kind: "steps";
      readonly steps: readonly RateStep[];
      /** Default "even". */
      readonly arrivals?: Arrivals;
    }
  /** `times` the rate from `atMs` on, for `spikeMs`. */
  | {
      readonly kind: "spike";
      readonly perSecond: number;
      readonly times: number;
      readonly atMs: number;
      readonly spikeMs: number;
      readonly forMs: number;
      /** Default "even". */
      readonly arrivals?: Arrivals;
    }
  /** Recorded times from the start of the run, ascending. Speed 2 takes half as long. */
  | { readonly kind: "replay"; readonly atMs: readonly number[]; readonly speed: number }
  /** Each stream sends when it was answered: it slows down with what it measures. */
  | {
      readonly kind: "closed";
      readonly streams: number;
      readonly forMs: number;
      /** At most, of all streams together. */
      readonly calls?: number;
    };

/** How calls lie within a rate: at equal distances, or as independent callers come. */
export type Arrivals = "even" | "poisson";

export interface RateStep {
  readonly perSecond: number;
  readonly forMs: number;
  /** The rate rises or falls evenly to this one; absent: it stays. */
  readonly toPerSecond?: number;
}
