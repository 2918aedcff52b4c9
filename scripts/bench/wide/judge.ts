import type { Figures } from "./figures.ts";
import { mb, percent } from "./format.ts";
import type { Recall } from "./recall.ts";

export const limits = {
  /** To the variant's bytes: memory that is the process's own, once it serves. */
  steady: 1.2,
  /** Likewise, with all that is mapped, until it is loaded and warm. */
  peak: 2.2,
  /** Of the matrix, of the scores that exist at one time. */
  scores: 0.1,
  /** Of the bandwidth of memory, of one row. */
  bandwidth: 0.5,
  /** The gate of every variant. */
  overlap10: 0.96,
  top1: 0.94,
};

interface Bound {
  readonly what: string;
  readonly value: number;
  readonly most?: number;
  readonly least?: number;
}

export function missedOf({ served, scoreShare }: Figures, { overlap10, top1 }: Recall): string[] {
  const bounds: Bound[] = served.flatMap(({ threads, steady, peak }) => [
    { what: `steady memory, threads: ${threads}`, value: steady, most: limits.steady },
    { what: `load peak, threads: ${threads}`, value: peak, most: limits.peak },
  ]);
  // One thread alone waits for memory more than it reads: the runtime's kernel goes through three places at once.
  const share = Math.max(...served.map(({ bandwidthShare }) => bandwidthShare));
  bounds.push(
    { what: "scores at one time, of the matrix", value: scoreShare, most: limits.scores },
    { what: "one row, of memory's bandwidth", value: share, least: limits.bandwidth },
    { what: "overlap@10 with float32", value: overlap10, least: limits.overlap10 },
    { what: "same top-1 as float32", value: top1, least: limits.top1 },
  );
  return bounds.flatMap(({ what, value, most = Infinity, least = -Infinity }) => {
    if (value <= most && value >= least) return [];
    const required = most < Infinity ? `at most ${most}` : `at least ${least}`;
    return [`${what}: ${value.toFixed(3)}, ${required} is required`];
  });
}

/** Beyond it the times say as much about the neighbours. */
const busy = 0.1;

export function busyIn({ served }: Figures): readonly string[] {
  const { rowMs, rowCpuMs } = served[0]!;
  const lost = 1 - rowCpuMs / rowMs;
  if (lost <= busy) return [];
  return [
    `NOT ALONE: others had the core for ${percent(lost)} of a row's time; run it again on an idle machine.`,
  ];
}

/** Below it a process weighs as much by itself. */
const leastBytes = 2 ** 29;

export function invalidOf({ matrixBytes }: Figures): readonly string[] {
  if (matrixBytes >= leastBytes) return [];
  return [
    `a matrix of ${mb(matrixBytes / 2 ** 20)} MB is none of a wide catalogue: the process itself outweighs it`,
  ];
}
