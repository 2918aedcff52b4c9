/** The best of what has a score above 0, of equals the first. */
export function bestOf(
  scores: Float64Array,
  isExcluded: (item: number) => boolean,
  k: number,
): readonly number[] {
  const best: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    const last = best.at(-1);
    const isLate = best.length === k && score <= scores[last!]!;
    if (score <= 0 || isLate || isExcluded(item)) continue;
    let place = best.length === k ? k - 1 : best.length;
    for (; place > 0 && scores[best[place - 1]!]! < score; place--) best[place] = best[place - 1]!;
    best[place] = item;
  }
  return best;
}
