import type { TwoTowerWeights } from "../weights.ts";
import { prepareJob } from "./bpr-job.ts";
import { runInThreads } from "./bpr-threads.ts";
import { popularityOf } from "./interactions.ts";
import type { Interactions } from "./interactions.ts";
import { runHere } from "./run-bpr.ts";
import type { BprRun } from "./run-bpr.ts";
import type { PassedOver } from "./passed-over.ts";

export interface BprOptions {
  /** Default 128. */
  readonly dims?: number;
  /** Steps per choice. Default 30. */
  readonly epochs?: number;
  /** Falls to a tenth of it. Default 0.1. */
  readonly learningRate?: number;
  /** Default 0.01. */
  readonly regularization?: number;
  /** What users were shown and did not choose; of at least the users that are trained on. Default: nothing is known of it. */
  readonly passedOver?: PassedOver;
  /**
   * How often a choice is set against something that the user passed over, from 0 to 1. Default 0.1: what one is shown is near
   * what one likes, and half of all steps against it would unlearn both.
   */
  readonly passedShare?: number;
  /** Default 1. On one thread the same seed gives the same vectors. */
  readonly seed?: number;
  /** Default 1. More train on the same vectors without locks (Hogwild): as good, and never the same twice. */
  readonly threads?: number;
  readonly onProgress?: (progress: BprProgress) => void;
  readonly signal?: AbortSignal;
}

export interface BprProgress {
  /** Steps. */
  readonly done: number;
  readonly total: number;
  readonly etaMs: number;
  /** How probable the wrong order was lately: from 0.5, knowing nothing, down. */
  readonly error: number;
}

export interface TrainedBpr {
  readonly weights: TwoTowerWeights;
  /** How many users chose each item. */
  readonly popularity: Float32Array;
}

const defaults = {
  dims: 128,
  epochs: 30,
  learningRate: 0.1,
  regularization: 0.01,
  passedShare: 0.1,
  seed: 1,
  threads: 1,
};

/** Other work runs meanwhile, every few milliseconds. Rejects when the training diverges, and with the signal's reason. */
export async function trainBpr(train: Interactions, options: BprOptions = {}): Promise<TrainedBpr> {
  const settings = { ...defaults, ...options };
  assertSettings(settings, train);
  const { dims, learningRate, regularization, passedShare, seed, threads } = settings;
  const job = prepareJob(train, {
    dims,
    learningRate,
    regularization,
    passedShare,
    passedOver: options.passedOver,
    seed,
    shared: threads > 1,
  });
  const total = Math.ceil(settings.epochs * train.chosen.length);
  const run: BprRun = {
    job,
    total,
    report: createReport(total, settings),
    signal: settings.signal,
  };
  await (threads > 1 ? runInThreads(run, threads) : runHere(run));
  const { users, items } = train;
  const { userVectors, itemVectors } = job;
  return {
    weights: { users, items, dims, userVectors, itemVectors },
    popularity: popularityOf(train),
  };
}

function createReport(total: number, { onProgress, learningRate }: BprOptions): BprRun["report"] {
  const startMs = performance.now();
  let done = 0;
  return (steps, error) => {
    if (Number.isNaN(error)) {
      throw new Error(
        `the training diverged after ${done} of ${total} steps: lower the learning rate of ${learningRate}`,
      );
    }
    done += steps;
    const etaMs = ((performance.now() - startMs) / done) * (total - done);
    onProgress?.({ done, total, etaMs, error });
  };
}

function assertSettings(settings: typeof defaults, { items, chosen }: Interactions): void {
  const { dims, epochs, learningRate, regularization, passedShare, seed, threads } = settings;
  const rules: readonly (readonly [holds: boolean, problem: string])[] = [
    [
      Number.isInteger(dims) && dims >= 1 && dims <= 4096,
      `dims is ${dims}, not a whole number from 1 to 4096`,
    ],
    [epochs > 0 && epochs <= 10_000, `epochs is ${epochs}, not above 0 and at most 10000`],
    [
      learningRate > 0 && learningRate <= 1,
      `learningRate is ${learningRate}, not above 0 and at most 1`,
    ],
    [
      regularization >= 0 && regularization <= 1,
      `regularization is ${regularization}, not from 0 to 1`,
    ],
    [passedShare >= 0 && passedShare <= 1, `passedShare is ${passedShare}, not from 0 to 1`],
    [Number.isInteger(seed), `seed is ${seed}, not a whole number`],
    [
      Number.isInteger(threads) && threads >= 1 && threads <= 256,
      `threads is ${threads}, not from 1 to 256`,
    ],
    [items >= 2, `there are ${items} items; an order needs two`],
    [chosen.length > 0, "there are no choices to learn from"],
  ];
  const problems = rules.filter(([holds]) => !holds).map(([, problem]) => problem);
  if (problems.length > 0)
    throw new RangeError(`this training cannot start: ${problems.join("; ")}`);
}
