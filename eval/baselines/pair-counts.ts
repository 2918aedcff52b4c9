/** How often two of n things came together. */
export interface PairCounts {
  add(a: number, b: number): void;
  of(a: number, b: number): number;
  /** Those that came together with it. */
  each(a: number, visit: (b: number, count: number) => void): void;
}

/** A table of this many numbers still fits: 100 MB. */
const largestTable = 25_000_000;

export function createPairCounts(things: number): PairCounts {
  return things * things <= largestTable ? inTable(things) : inMaps(things);
}

function inTable(things: number): PairCounts {
  const table = new Uint32Array(things * things);
  return {
    add(a, b) {
      table[a * things + b]! += 1;
      table[b * things + a]! += 1;
    },
    of: (a, b) => table[a * things + b]!,
    each(a, visit) {
      const start = a * things;
      for (let b = 0; b < things; b++) {
        const count = table[start + b]!;
        if (count > 0) visit(b, count);
      }
    },
  };
}

function inMaps(things: number): PairCounts {
  const rows = Array.from({ length: things }, () => new Map<number, number>());
  const addOne = (a: number, b: number) => rows[a]!.set(b, (rows[a]!.get(b) ?? 0) + 1);
  return {
    add(a, b) {
      addOne(a, b);
      addOne(b, a);
    },
    of: (a, b) => rows[a]!.get(b) ?? 0,
    each(a, visit) {
      for (const [b, count] of rows[a]!) visit(b, count);
    },
  };
}
