import { setImmediate } from "node:timers/promises";
import { Random } from "../../random.ts";
import type { BprJob } from "./bpr-job.ts";
import { createBprSteps } from "./bpr-steps.ts";

export interface BprRun {
  readonly job: BprJob;
  /** Steps. */
  readonly total: number;
  /** Takes how many steps were made and the error in them; throws to end the run. */
  readonly report: (steps: number, error: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** A slice of a training, some milliseconds long. */
export interface Slice {
  readonly steps: number;
  readonly error: number;
}

export async function runHere({ job, total, report, signal }: BprRun): Promise<void> {
  startVectors(job);
  for (const { steps, error } of slices(job, { total, stream: 0 })) {
    report(steps, error);
    await setImmediate();
    signal?.throwIfAborted();
  }
}

const sliceSteps = 4096;
const lastRateShare = 0.1;

export interface SliceOptions {
  readonly total: number;
  /** Of chance: a number for each thread. */
  readonly stream: number;
}

export function* slices(job: BprJob, { total, stream }: SliceOptions): Generator<Slice> {
  const takeSteps = createBprSteps(job, new Random(job.seed, stream));
  for (let done = 0; done < total;) {
    const steps = Math.min(sliceSteps, total - done);
    const rate = job.learningRate * (1 - (1 - lastRateShare) * (done / total));
    yield { steps, error: takeSteps(steps, rate) };
    done += steps;
  }
}

/** Small and random: equal ones would stay equal. */
export function startVectors({ dims, userVectors, itemVectors, seed }: BprJob): void {
  const random = new Random(seed, -1);
  const width = 1 / Math.sqrt(dims);
  for (const vectors of [userVectors, itemVectors]) {
    for (let i = 0; i < vectors.length; i++) vectors[i] = width * (random.share() - 0.5);
  }
}
