import type { RunPart } from "./record/run-part.ts";
import type { ThreadHealth } from "./threads/thread-health.ts";
import type { EarlyEnd, GeneratorInfo } from "../run-result.ts";

/** What one process that sent calls found: its workers' parts joined. JSON, so that agents can send it. */
export interface RunReport {
  readonly part: RunPart;
  /** Of each worker that came to its end. */
  readonly threads: readonly ThreadHealth[];
  /** Of counting, ms since 1970 by this process's clock. */
  readonly startedAtMs: number;
  readonly stoppedMs?: number;
  readonly ended?: EarlyEnd;
  readonly generator: GeneratorInfo;
}
