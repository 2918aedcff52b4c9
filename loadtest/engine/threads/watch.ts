import { createHistogram } from "../../histogram/create-histogram.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { RunProgress } from "../../run-progress.ts";
import { createProgressBoard } from "../progress.ts";
import { lengthOf } from "../schedule-length.ts";
import type { SentGlance } from "./messages.ts";

/** What the workers of this process told of themselves. */
export interface Watch {
  told(worker: number, glance: SentGlance): void;
  /** Of all together, and new since it was last asked; undefined before anybody told. */
  progress(): RunProgress | undefined;
  /** How long nobody was answered, though all asked; 0 until all have told. */
  silentMs(): number;
}

export function createWatch({ workers, schedule }: RunPlan): Watch {
  const forMs = lengthOf(schedule);
  const board = createProgressBoard();
  const silences = new Map<number, number>();
  return {
    told(worker, glance) {
      silences.set(worker, glance.silentMs);
      board.told(worker, progressOf(glance, forMs));
    },
    progress: () => board.progress(),
    silentMs: () => (silences.size < workers ? 0 : Math.min(...silences.values())),
  };
}

function progressOf({ buckets, codes, ...glance }: SentGlance, forMs: number): RunProgress {
  const latency = createHistogram();
  for (const [ms, count] of buckets) latency.record(ms, count);
  const { OK: _, ...failures } = codes;
  const { silentMs: __, ...told } = glance;
  return { ...told, codes: failures, leftMs: Math.max(0, forMs - glance.elapsedMs), latency };
}
