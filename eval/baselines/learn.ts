import { createPairCounts, type PairCounts } from "./pair-counts.ts";

/** What anybody could do without a model, to be seen beside it. */
export interface Baseline {
  readonly name: string;
  /** By item: the higher the better, 0 where it knows nothing. Good until it is asked again. */
  readonly scores: (history: readonly string[]) => Float64Array;
  /** Whether what it says after this history is its own, and not another's. */
  readonly hasSaying: (history: readonly string[]) => boolean;
}

/** What the data says without any model. */
export interface Learnt {
  readonly items: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** By item: how often it was chosen in what a model may have learnt from. */
  readonly counts: Float64Array;
  /** How alike two items are by who chose them together, from 0 to about 1. */
  readonly similarity: (a: number, b: number) => number;
  readonly baselines: readonly Baseline[];
}

export interface LearnOptions {
  readonly items: readonly string[];
  /** What a model may have learnt from as well; nothing else is looked at. */
  readonly training: readonly (readonly string[])[];
  /** How far apart two items may stand in a sequence to be together. */
  readonly reach: number;
  /** How many of the newest items of a history speak for it. */
  readonly newest: number;
}

export function learn(options: LearnOptions): Learnt {
  const { items, newest } = options;
  const indexOf = new Map(items.map((item, index) => [item, index]));
  const training = options.training.map((sequence) => indexesOf(sequence, indexOf));
  const counts = new Float64Array(items.length);
  for (const sequence of training) for (const item of sequence) counts[item]! += 1;
  const pairs = countPairs(training, createPairCounts(items.length), options.reach);
  const weigh = (a: number, b: number, count: number) => count / Math.sqrt(counts[a]! * counts[b]!);
  const together = new Float64Array(items.length);

  /** Popularity decides between those that were never seen together. */
  function scoreTogether(history: readonly string[]): Float64Array {
    for (let item = 0; item < together.length; item++) together[item] = 1e-9 * counts[item]!;
    for (const item of indexesOf(history.slice(-newest), indexOf))
      pairs.each(item, (other, count) => (together[other]! += weigh(item, other, count)));
    return together;
  }

  return {
    items,
    indexOf,
    counts,
    similarity(a, b) {
      const count = pairs.of(a, b);
      return count === 0 ? 0 : weigh(a, b, count);
    },
    baselines: [
      { name: "popularity", scores: () => counts, hasSaying: () => true },
      {
        name: "co-occurrence",
        scores: scoreTogether,
        hasSaying: (history) =>
          indexesOf(history.slice(-newest), indexOf).some((item) => counts[item]! > 0),
      },
    ],
  };
}

function indexesOf(ids: readonly string[], indexOf: ReadonlyMap<string, number>): number[] {
  return ids.flatMap((id) => indexOf.get(id) ?? []);
}

function countPairs(
  training: readonly (readonly number[])[],
  pairs: PairCounts,
  reach: number,
): PairCounts {
  for (const sequence of training) {
    for (let at = 0; at < sequence.length; at++) {
      const end = Math.min(sequence.length, at + reach + 1);
      for (let next = at + 1; next < end; next++)
        if (sequence[at] !== sequence[next]) pairs.add(sequence[at]!, sequence[next]!);
    }
  }
  return pairs;
}
