/** The option that a misspelt name most likely means, if any is close. */
export function nearest(name: string, options: readonly string[]): string | undefined {
  const normal = name.toLowerCase();
  const near = options
    .map((option) => ({ option, distance: editDistance(normal, option.toLowerCase()) }))
    .filter(({ option, distance }) => distance <= Math.max(2, Math.floor(option.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.option;
}

/** Insertions, deletions and substitutions from one text to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const substituted = row[j]! + (to[j] === letter ? 0 : 1);
      next.push(Math.min(substituted, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
