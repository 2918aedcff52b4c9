/** Reads every byte of a buffer of that size once, by comparing its equal halves: memcmp is as fast as reading gets. */
export function createMemoryRead(bytes: number): () => void {
  const half = bytes >> 1;
  const buffer = Buffer.alloc(2 * half, 1);
  const [first, second] = [buffer.subarray(0, half), buffer.subarray(half)];
  return () => {
    if (!first.equals(second))
      throw new Error("equal halves differ: this machine's memory is broken");
  };
}
