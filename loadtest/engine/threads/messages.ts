import type { CodeName } from "../../../proto/serving-error.ts";
import type { Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { GeneratorGlance } from "../loop/generator.ts";
import type { ThreadHealth } from "./thread-health.ts";

/** What a worker is started with. */
export interface WorkerOrder {
  readonly plan: RunPlan;
  readonly share: Share;
}

/** To a worker. */
export type ToWorker =
  /** On the clock of `performance.timeOrigin + performance.now()`, which the threads of a process share. */
  { readonly kind: "start"; readonly countFromMs: number } | { readonly kind: "stop" };

/** From a worker. */
export type FromWorker =
  | { readonly kind: "connected" }
  | { readonly kind: "refused"; readonly code: CodeName; readonly message: string }
  | { readonly kind: "glance"; readonly glance: SentGlance }
  /** The part is JSON, since histograms are no plain records. */
  | { readonly kind: "ended"; readonly part: string; readonly health?: ThreadHealth };

export interface SentGlance extends Omit<GeneratorGlance, "latency"> {
  readonly buckets: readonly (readonly [ms: number, count: number])[];
}
