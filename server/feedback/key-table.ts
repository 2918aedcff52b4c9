/** 128 bits each, at places that whoever uses the table gives out. */
export interface KeyTable {
  /** Where the key is; -1: nowhere. */
  find(key: Uint32Array): number;
  /** The place may hold another key, which is gone then; a key that is elsewhere is found here from now on. */
  put(place: number, key: Uint32Array): void;
  /** Only when its key is not found elsewhere by now. */
  remove(place: number): void;
}

export const keyWords = 4;

/** Probed linearly; in typed arrays, where the garbage collector has nothing to look at. */
export function createKeyTable(places: number): KeyTable {
  const keys = new Uint32Array(keyWords * places);
  const mask = 2 ** Math.ceil(Math.log2(2 * places)) - 1;
  /** 1 + a place; 0 is free. */
  const slots = new Uint32Array(mask + 1);

  /** The slot of the key, or the free one where it would go. */
  function seek(key: Uint32Array): number {
    let slot = key[0]! & mask;
    while (slots[slot] !== 0 && !isAt(slots[slot]! - 1, key)) slot = (slot + 1) & mask;
    return slot;
  }

  function isAt(place: number, key: Uint32Array): boolean {
    const at = place * keyWords;
    for (let word = 0; word < keyWords; word++) if (keys[at + word] !== key[word]) return false;
    return true;
  }

  /** Those behind move up when they would not be found past the gap. */
  function vacate(gap: number): void {
    let free = gap;
    for (let slot = (gap + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = keys[(slots[slot]! - 1) * keyWords]! & mask;
      if (((slot - home) & mask) < ((slot - free) & mask)) continue;
      slots[free] = slots[slot]!;
      free = slot;
    }
    slots[free] = 0;
  }

  return {
    find: (key) => slots[seek(key)]! - 1,
    put(place, key) {
      keys.set(key, place * keyWords);
      slots[seek(key)] = place + 1;
    },
    remove(place) {
      const slot = seek(keys.subarray(place * keyWords, (place + 1) * keyWords));
      if (slots[slot] === place + 1) vacate(slot);
    },
  };
}
