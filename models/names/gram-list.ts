/** Of a title, and of an artist. */
export const maxGrams = 64;

/** Rows of the table of grams: ascending, each once, valid up to `count`. */
export interface GramList {
  readonly indexes: Int32Array;
  count: number;
}

export interface GramCollector extends GramList {
  begin(): void;
  /** Takes one unless it is there already or the list is full. */
  add(index: number): void;
  /** Until then in the order in which they came. */
  sort(): void;
}

/** Twice as many as there may be grams: searches are short, and there is always an empty slot. */
const slotCount = 2 * maxGrams;

export function createGramCollector(): GramCollector {
  const indexes = new Int32Array(maxGrams);
  /** Places in the list plus one, by the lower bits of what is there; 0: empty. */
  const slots = new Uint8Array(slotCount);
  const list: GramCollector = {
    indexes,
    count: 0,
    begin() {
      list.count = 0;
      slots.fill(0);
    },
    add(index) {
      if (list.count === maxGrams) return;
      let slot = index & (slotCount - 1);
      for (let place = slots[slot]!; place > 0; place = slots[slot]!) {
        if (indexes[place - 1] === index) return;
        slot = (slot + 1) & (slotCount - 1);
      }
      indexes[list.count++] = index;
      slots[slot] = list.count;
    },
    sort() {
      for (let gap = 13; gap > 0; gap = (gap / 3) | 0) sortEvery(indexes, list.count, gap);
    },
  };
  return list;
}

/** A pass of Shell's sort: gaps 13, 4 and 1 suit 64 numbers, and a typed array's own sort costs a call out of the engine. */
function sortEvery(indexes: Int32Array, count: number, gap: number): void {
  for (let from = gap; from < count; from++) {
    const index = indexes[from]!;
    let at = from;
    for (; at >= gap && indexes[at - gap]! > index; at -= gap) indexes[at] = indexes[at - gap]!;
    indexes[at] = index;
  }
}
