/** Part of a list of code points, from its front on. */
export interface CodeRange {
  readonly codes: Int32Array;
  from: number;
  to: number;
}

export interface TokenTable {
  /** The id of the longest token that the range begins with; the range then begins behind it. -1: none. */
  take(range: CodeRange): number;
}

/** Tokens in flat memory, hashed code point by code point, so that all beginnings of a word cost one pass over it. */
export function createTokenTable(tokens: ReadonlyMap<string, number>): TokenTable {
  const { pool, starts, ids, hashes, longest } = flatten(tokens);
  const slots = fill(hashes);
  const mask = slots.length - 1;

  const entryOf = (hash: number, { codes, from }: CodeRange, end: number): number => {
    for (let slot = spread(hash) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = slots[slot]! - 1;
      const start = starts[entry]!;
      const length = end - from;
      if (starts[entry + 1]! - start !== length) continue;
      let same = 0;
      while (same < length && pool[start + same] === codes[from + same]) same++;
      if (same === length) return entry;
    }
    return -1;
  };
  return {
    take(range) {
      const last = Math.min(range.to, range.from + longest);
      let [hash, found, end] = [seed, -1, range.from];
      for (let at = range.from; at < last; at++) {
        hash = mix(hash, range.codes[at]!);
        const entry = entryOf(hash, range, at + 1);
        if (entry >= 0) [found, end] = [entry, at + 1];
      }
      if (found < 0) return -1;
      range.from = end;
      return ids[found]!;
    },
  };
}

/** Without an object for each token: a vocabulary is read on the thread that serves. */
function flatten(tokens: ReadonlyMap<string, number>) {
  let units = 0;
  for (const token of tokens.keys()) units += token.length;
  const pool = new Int32Array(units);
  const starts = new Int32Array(tokens.size + 1);
  const ids = new Int32Array(tokens.size);
  const hashes = new Int32Array(tokens.size);
  let longest = 0;
  let entry = 0;
  let end = 0;
  for (const [token, id] of tokens) {
    let hash = seed;
    for (let at = 0; at < token.length; at++) {
      const code = token.codePointAt(at)!;
      if (code > 0xffff) at++;
      hash = mix(hash, code);
      pool[end++] = code;
    }
    longest = Math.max(longest, end - starts[entry]!);
    ids[entry] = id;
    hashes[entry] = hash;
    starts[++entry] = end;
  }
  return { pool, starts, ids, hashes, longest };
}

const seed = 0x811c9dc5 | 0;

function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** Open addressing, at most half full: entry + 1, 0 is free. */
function fill(hashes: Int32Array): Int32Array {
  const size = 2 ** Math.ceil(Math.log2(2 * hashes.length + 2));
  const slots = new Int32Array(size);
  hashes.forEach((hash, entry) => {
    let slot = spread(hash) & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = entry + 1;
  });
  return slots;
}
