/** Why an endpoint was asked: for the first time, because another failed, or because another has not answered. */
export type AttemptKind = "first" | "retry" | "hedge";

export interface Attempt {
  readonly endpoint: string;
  readonly kind: AttemptKind;
  readonly rows: number;
  /** Rows without a reply. */
  readonly failedRows: number;
}

export interface Outcome {
  readonly rows: number;
  /** Rows without a reply, when all had been tried. */
  readonly failedRows: number;
  /** Rows that something less than the first choice answered. */
  readonly degradedRows: number;
}

/**
 * What is told about the choice of endpoints. Actual success is that of first attempts, effective success that of outcomes.
 */
export interface EndpointsMeter {
  /** Its rows counted even when another endpoint had answered them by then. */
  attempted(attempt: Attempt): void;
  answered(outcome: Outcome): void;
  /** A retry or hedge that the budget did not allow. */
  overBudget(kind: AttemptKind): void;
  ejected(endpoint: string, forMs: number): void;
  readmitted(endpoint: string): void;
  /** It is gone for good: nothing of it need be told any more. */
  left(endpoint: string): void;
  /** Refused at once: no endpoint would have answered in time. */
  shed(rows: number): void;
}

export const silentEndpointsMeter: EndpointsMeter = {
  attempted: () => {},
  answered: () => {},
  overBudget: () => {},
  ejected: () => {},
  readmitted: () => {},
  left: () => {},
  shed: () => {},
};
