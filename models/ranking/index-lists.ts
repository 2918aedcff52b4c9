/** Makes zeroed lists of item indexes. A typed array of its own costs an allocation outside the heap, a view of a larger one does not. */
export type IndexLists = (length: number) => Int32Array;

const slabLength = 16 * 1024;

/** A slab stays for as long as one of its lists does: these are for what lives as long as a request. */
export function createIndexLists(): IndexLists {
  let slab = new Int32Array(slabLength);
  let used = 0;
  return (length) => {
    if (length > slabLength / 4) return new Int32Array(length);
    if (used + length > slabLength) {
      slab = new Int32Array(slabLength);
      used = 0;
    }
    used += length;
    return slab.subarray(used - length, used);
  };
}
