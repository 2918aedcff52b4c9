/** Whom a store knows of that says nothing any more. */
export interface ReportLimits {
  /** For how long. */
  readonly ttlMs: number;
  /** How many, those that report included: who was not heard of for longest goes first. */
  readonly maxRouters: number;
}

export const standardReports: ReportLimits = { ttlMs: 3_600_000, maxRouters: 1_000 };
