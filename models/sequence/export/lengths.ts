/**
 * The lengths that sequences are padded to. In finer steps less padding is computed, and fewer sequences share a batch. The graph asks
 * for multiples of 8.
 */
export function lengthsFor(maxLength: number): readonly number[] {
  const lengths: number[] = [];
  for (let length = 16; length <= nearlyAll * maxLength; length += stepFrom(length))
    lengths.push(length);
  return [...lengths, maxLength];
}

/** A length so close to the greatest would save too little. */
const nearlyAll = 0.9;

function stepFrom(length: number): number {
  if (length < 256) return length < 32 ? 16 : 32;
  return 8 * Math.ceil(length / 32);
}
