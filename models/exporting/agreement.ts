import type { Agreement } from "../bundle/passport.ts";
import type { Top } from "./top.ts";

/** How the top 10 of a variant compare with those of the reference, averaged over the rows. */
export function agreementOf(reference: readonly Top[], variant: readonly Top[]): Agreement {
  const rows = reference.map((top, i) => compare(firstTen(top), firstTen(variant[i]!)));
  return {
    overlap10: mean(rows.map((row) => row.overlap10)),
    top1: mean(rows.map((row) => row.top1)),
    recall10: mean(rows.map((row) => row.recall10)),
  };
}

/** The share of rows with the same ten items in the same order. */
export function sameOrder10(reference: readonly Top[], variant: readonly Top[]): number {
  return mean(
    reference.map((top, i) => {
      const { ids } = firstTen(variant[i]!);
      return firstTen(top).ids.every((id, rank) => id === ids[rank]) ? 1 : 0;
    }),
  );
}

function firstTen({ ids, scores }: Top): Top {
  return { ids: ids.subarray(0, 10), scores: scores.subarray(0, 10) };
}

function compare(reference: Top, variant: Top): Agreement {
  const wanted = new Set(reference.ids);
  const lowest = lowestTie(reference.scores);
  const found = [...variant.ids].filter((id) => wanted.has(id));
  const asGood = [...variant.ids].filter((id, i) => wanted.has(id) || variant.scores[i]! >= lowest);
  return {
    overlap10: found.length / wanted.size,
    top1: reference.ids[0] === variant.ids[0] ? 1 : 0,
    recall10: asGood.length / wanted.size,
  };
}

/** The last of the scores, less what kernels that add in another order may differ by. */
function lowestTie(scores: Float32Array): number {
  return scores.at(-1)! - 1e-5 * Math.abs(scores[0]!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
