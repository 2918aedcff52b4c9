import type { Scored } from "../metrics/rank.ts";

/** Scores this close are ties, whose order may differ. */
export const tolerance = 1e-4;

export interface TopDifference {
  /** The largest difference of scores: of the same item, and at the same place. Infinity where lists differ in length. */
  readonly worst: number;
  /** Places that another item has. */
  readonly moved: number;
  /** The first place with an item that no tie explains; undefined: the order is the same. */
  readonly wrongPlace?: number;
}

/** What is served, beside what was trained. */
export function compareTop(served: readonly Scored[], trained: readonly Scored[]): TopDifference {
  if (served.length !== trained.length) return { worst: Infinity, moved: 0, wrongPlace: 0 };
  const scores = new Map(trained.map(({ id, score }) => [id, score]));
  let [worst, moved, wrongPlace] = [0, 0, -1];
  const last = trained.at(-1)!.score;
  for (const [place, { id, score }] of served.entries()) {
    const there = trained[place]!;
    worst = Math.max(worst, distance(score, there.score));
    if (id === there.id) continue;
    moved += 1;
    // One that training has not in its list can only be a tie of the last.
    const own = scores.get(id) ?? last;
    worst = Math.max(worst, distance(score, own));
    if (Math.abs(own - there.score) > tolerance && wrongPlace < 0) wrongPlace = place;
  }
  return { worst, moved, ...(wrongPlace >= 0 && { wrongPlace }) };
}

/** What is no number is as far from one as can be, or it would pass every limit. */
function distance(served: number, trained: number): number {
  return Number.isNaN(served) ? Infinity : Math.abs(served - trained);
}
