/** When calls are to leave, decided before the first one does. */
export type Schedule =
  | { readonly kind: "constant"; readonly perSecond: number; readonly forMs: number }
  | {
      readonly kind: "poisson";
      readonly perSecond: number;
      readonly forMs: number;
      readonly seed: number;
    }
  /** One rate after another. */
  | { readonly kind: "steps"; readonly steps: readonly RateStep[] }
  /** `times` the rate from `atMs` on, for `spikeMs`. */
  | {
      readonly kind: "spike";
      readonly perSecond: number;
      readonly times: number;
      readonly atMs: number;
      readonly spikeMs: number;
      readonly forMs: number;
    }
  /** Recorded times, from the start of the run. */
  | { readonly kind: "replay"; readonly atMs: readonly number[]; readonly speed: number }
  /** Each stream sends when it was answered: it slows down with what it measures. */
  | {
      readonly kind: "closed";
      readonly streams: number;
      readonly forMs: number;
      readonly calls?: number;
    };

export interface RateStep {
  readonly perSecond: number;
  readonly forMs: number;
}
