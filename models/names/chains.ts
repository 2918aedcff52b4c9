/**
 * The items of each key, int32: where each key's items start in the list behind, the list's length, and the list. Of a key, first
 * the items that have it as their close one, then those that have it as their loose one; each most popular first.
 */
export interface Chains {
  /** One more than there are keys. */
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** @returns What is wrong with the length of a file of that many keys, or undefined. */
export function chainsProblem(buffer: SharedArrayBuffer, keys: number): string | undefined {
  const startBytes = 4 * (keys + 1);
  if (buffer.byteLength < startBytes || buffer.byteLength % 4 !== 0) {
    return `it has ${buffer.byteLength} bytes, where ${keys} keys need at least ${startBytes}`;
  }
  const listed = new Int32Array(buffer, 4 * keys, 1)[0];
  const items = (buffer.byteLength - startBytes) / 4;
  return listed === items ? undefined : `it lists ${listed} items and has room for ${items}`;
}

/** @param buffer Without a `chainsProblem`. */
export function readChains(buffer: SharedArrayBuffer, keys: number): Chains {
  return {
    starts: new Int32Array(buffer, 0, keys + 1),
    items: new Int32Array(buffer, 4 * (keys + 1)),
  };
}

const sliceLength = 8192;

/** Says what is wrong with the content, or undefined. Yields now and then. Afterwards every key has items that there are. */
export function* checkChains(
  { starts, items }: Chains,
  itemCount: number,
): Generator<void, string | undefined> {
  if (starts[0] !== 0) return `its first key starts at ${starts[0]}`;
  for (let key = 1; key < starts.length; key++) {
    if (starts[key]! <= starts[key - 1]!) return `key ${key - 1} has no items`;
    if (key % sliceLength === 0) yield;
  }
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item < 0 || item >= itemCount) return `it names item ${item} of ${itemCount}`;
    if (at % sliceLength === 0) yield;
  }
  return undefined;
}
