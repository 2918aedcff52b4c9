/** Of a title, and of an artist. */
export const maxGrams = 64;

/** Rows of the table of grams: ascending, each once, valid up to `count`. */
export interface GramList {
  readonly indexes: Int32Array;
  count: number;
}

/** @returns A list, and what puts one into its place unless it is there already or the list is full. */
export function createGramList() {
  const indexes = new Int32Array(maxGrams);
  const list: GramList = { indexes, count: 0 };
  return {
    list,
    add: (index: number): void => {
      let low = 0;
      for (let high = list.count; low < high;) {
        const middle = (low + high) >>> 1;
        if (indexes[middle]! < index) low = middle + 1;
        else high = middle;
      }
      if (list.count === maxGrams || (low < list.count && indexes[low] === index)) return;
      for (let i = list.count++; i > low; i--) indexes[i] = indexes[i - 1]!;
      indexes[low] = index;
    },
  };
}
