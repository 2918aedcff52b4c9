/** The first of `parts` equal parts of a table begins at its start, the second after it, and so on. */
export function spread(part: number, parts: number, tableLength: number): number {
  return Math.floor((part * tableLength) / parts);
}
