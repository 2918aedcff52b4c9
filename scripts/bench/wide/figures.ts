import { scoresAtOnce } from "../../../models/ranking/graph/compact-catalogue.ts";
import type { Served } from "./serve-wide.ts";

export interface Sizes {
  /** Of all that the variant reads. */
  readonly bytes: number;
  readonly matrixBytes: number;
  /** Rows. */
  readonly batch: number;
}

export type Figures = ReturnType<typeof figuresOf>;

/** What was measured, and its ratios to what it is judged by. */
export function figuresOf(served: readonly Served[], { bytes, matrixBytes, batch }: Sizes) {
  const ratio = (mb: number) => (mb * 2 ** 20) / bytes;
  const scoreBytes = 4 * batch * scoresAtOnce;
  return {
    bytes,
    matrixBytes,
    batch,
    scoreBytes,
    scoreShare: scoreBytes / matrixBytes,
    served: served.map((one) => ({
      ...one,
      peak: ratio(one.peakMb),
      steady: ratio(one.memory.anonMb),
      resident: ratio(one.memory.rssMb),
      gigabytesPerSecond: matrixBytes / one.rowMs / 1e6,
      bandwidthGigabytesPerSecond: matrixBytes / one.readMs / 1e6,
      bandwidthShare: one.readMs / one.rowMs,
    })),
  };
}
