const collator = new Intl.Collator("en", { numeric: true });

/** Orders versions: "10" before "9", "2025-02-01" before "2025-01-31", "v1.10" before "v1.9". */
export function newestFirst(a: string, b: string): number {
  if (a === b) return 0;
  // "1" and "01" are one number; their order must still not depend on which was there first.
  return collator.compare(b, a) || (a < b ? 1 : -1);
}
