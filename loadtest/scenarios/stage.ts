/** Servers that stand, as a scenario plays with them. */
export interface Stage {
  /** Where the load goes. */
  readonly target: string;
  /** Basis points of the canary; resolves when the router goes by it. */
  weigh(canary: number): Promise<void>;
  /** The second version arrives; resolves when it answers. */
  deploy(): Promise<void>;
  /** The first of several servers answers so much later, each way. */
  slow(delayMs: number): void;
  vitals(): Promise<Vitals>;
}

/** How the servers are, together. */
export interface Vitals {
  readonly inFlight: number;
  readonly memoryBytes: number;
}
