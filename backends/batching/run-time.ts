/** What a run costs, as a line: `fixedMs` for the run itself and `rowMs` for each of its rows. */
export interface RunTime {
  fixedMs: number;
  rowMs: number;
}

export interface Run {
  readonly rows: number;
  readonly ms: number;
}

/** How far one run moves the line towards itself. */
const step = 0.2;
/** One run counts as at most this many times what was predicted: a hiccup is not the new normal. */
const outlier = 3;
/** So that a line at zero can rise again. */
const smallestMs = 0.01;

export function predictMs(time: RunTime, rows: number): number {
  return time.fixedMs + time.rowMs * rows;
}

/** The line through the smallest and the largest of some runs. */
export function lineThrough(runs: readonly Run[]): RunTime {
  const bySize = runs.toSorted((a, b) => a.rows - b.rows);
  const small = bySize[0] ?? { rows: 0, ms: 0 };
  const large = bySize.at(-1) ?? small;
  const span = Math.max(1, large.rows - small.rows);
  const rowMs = Math.max(0, (large.ms - small.ms) / span);
  return { fixedMs: Math.max(0, small.ms - rowMs * small.rows), rowMs };
}

/** For a line that was borrowed from another lane: keeps its shape, takes its height from this run. */
export function scaleTo(time: RunTime, run: Run): void {
  const predicted = predictMs(time, run.rows);
  if (predicted === 0) {
    time.fixedMs = run.ms;
    return;
  }
  time.fixedMs *= run.ms / predicted;
  time.rowMs *= run.ms / predicted;
}

/**
 * Normalised least mean squares: a few multiplications per run, and a line that stays where it is wherever no
 * runs happen, so that an hour of full batches does not forget what a single row costs.
 */
export function learn(time: RunTime, run: Run, maxBatch: number): void {
  const predicted = predictMs(time, run.rows);
  const believable = Math.max(predicted, smallestMs);
  const ms = Math.min(Math.max(run.ms, believable / outlier), believable * outlier);
  // Rows in units of the largest batch, so that both parts of the line learn at the same pace.
  const scaled = run.rows / maxBatch;
  const change = (step * (ms - predicted)) / (1 + scaled * scaled);
  time.fixedMs = Math.max(0, time.fixedMs + change);
  time.rowMs = Math.max(0, time.rowMs + (change * scaled) / maxBatch);
}
