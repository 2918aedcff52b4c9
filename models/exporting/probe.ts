/** Somebody whose next choice was kept from the training. */
export interface Probe {
  /** -1: a newcomer, judged by what the history tells. */
  readonly user: number;
  /** Item indexes chosen before, oldest first; never recommended again. */
  readonly history: Int32Array;
  /** The choice that was kept. */
  readonly next: number;
}

export interface Probes<One extends Probe = Probe> {
  /** Users that the model was trained on. */
  readonly warm: readonly One[];
  /** Newcomers, whom the training has not seen. */
  readonly cold: readonly One[];
}
