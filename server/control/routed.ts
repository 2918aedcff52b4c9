import type { Distribution } from "../../router/distribution.ts";
import type { Lowered } from "../../router/lowered-distribution.ts";
import type { ModelReport } from "../../router/observe/router-report.ts";

/** What routes calls by the rollouts that this process holds: a router of its own, or those of its worker processes. */
export interface Routed {
  /** Settles when calls are routed by it, or when what does not answer is not worth waiting for. */
  apply(distribution: Distribution): Promise<void>;
  /** Leaves that much of an arm; 10,000 basis points end it. Rejects with INVALID_ARGUMENT for an arm that cannot be lowered. */
  lower(model: string, lowered: Lowered): Promise<void>;
  /** Of every model that it was given a distribution of, as of now. */
  report(): Readonly<Record<string, ModelReport>>;
}
