import type { ScoreBin } from "../recommended.ts";

/** Counts scores by size. */
export interface ScoreBins {
  readonly add: (score: number) => void;
  /** Those that have any. */
  readonly list: () => readonly ScoreBin[];
}

/** Smaller ones are all in the bin at 0. */
const smallest = 2 ** -7;
/** Larger ones, and what is no number, are all in this bin. */
const largest = 2 ** 10;

/**
 * Eight bins between a score and its double: the first 12 bits of a float32 are its sign, exponent and eighth, so that no
 * logarithm is taken. All versions of all models have the same bins whatever the scale of their scores, which servers can
 * add up, and what a model makes fills some twenty of them.
 */
export function createScoreBins(): ScoreBins {
  const counts = new Float64Array(2 ** 12);
  const asFloat = new Float32Array(1);
  const asBits = new Uint32Array(asFloat.buffer);
  return {
    add(score) {
      asFloat[0] = score;
      counts[asBits[0]! >>> 20]!++;
    },
    list() {
      const bins = new Map<number, number>();
      counts.forEach((replies, bin) => {
        if (replies === 0) return;
        const from = startOf(bin);
        bins.set(from, (bins.get(from) ?? 0) + replies);
      });
      return Array.from(bins, ([from, replies]) => ({ from, replies }));
    },
  };
}

function startOf(bin: number): number {
  const sign = bin >>> 11 === 0 ? 1 : -1;
  const exponent = ((bin >>> 3) & 0xff) - 127;
  const size = 2 ** exponent * (1 + (bin & 7) / 8);
  return size < smallest ? 0 : sign * Math.min(size, largest);
}
