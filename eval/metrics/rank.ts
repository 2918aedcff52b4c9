export interface Scored {
  readonly id: string;
  readonly score: number;
}

/** Where the target stands among others. A score that is no number is never a reason to stand before anybody. */
export interface Standing {
  /** How many stand before it. */
  readonly above: number;
  /** How many have exactly its score. */
  readonly tied: number;
}

export const missing: Standing = { above: Infinity, tied: 0 };

/**
 * Among those it was ranked with. Others may stand there several times, as negatives drawn with replacement do, and count
 * as often; the target itself is nobody's rival. What the ranking does not have stands behind all that it has.
 */
export function standingAmong(
  ranking: readonly Scored[],
  target: string,
  others: readonly string[],
): Standing {
  const scores = new Map(ranking.map(({ id, score }) => [id, score]));
  const own = scores.get(target);
  if (own === undefined || Number.isNaN(own)) return missing;
  let [above, tied] = [0, 0];
  for (const other of others) {
    const score = other === target ? undefined : scores.get(other);
    if (score === undefined) continue;
    if (score === own) tied += 1;
    else if (!(score < own)) above += 1;
  }
  return { above, tied };
}

/** In a list that is cut: ties that reach its end may go on behind it. */
export function standingIn(ranking: readonly Scored[], target: string): Standing {
  const found = ranking.find(({ id }) => id === target);
  if (found === undefined || Number.isNaN(found.score)) return missing;
  const above = ranking.filter(({ score }) => !(score <= found.score)).length;
  const tied = ranking.filter(({ score }) => score === found.score).length - 1;
  return { above, tied };
}

/** Ties are lost: a model that gives everybody the same score finds nothing. */
export function pessimisticRank({ above, tied }: Standing): number {
  return above + tied;
}
