/** A set of item indexes that is emptied in constant time; kept and reused from row to row. */
export interface ItemMarks {
  clear(): void;
  /** False when the item was marked already. */
  mark(item: number): boolean;
  has(item: number): boolean;
}

export function createItemMarks(itemCount: number): ItemMarks {
  const markedIn = new Uint32Array(itemCount);
  let generation = 1;
  return {
    clear() {
      generation += 1;
      if (generation <= 0xffff_ffff) return;
      markedIn.fill(0);
      generation = 1;
    },
    mark(item) {
      if (markedIn[item] === generation) return false;
      markedIn[item] = generation;
      return true;
    },
    has: (item) => markedIn[item] === generation,
  };
}
