/**
 * The lengths that sequences are padded to. In finer steps less padding is computed, and fewer sequences share a batch; in these a
 * sequence is padded by a quarter at most, on average by far less.
 */
export function lengthsFor(maxLength: number): readonly number[] {
  const lengths: number[] = [];
  for (let length = 16; length < maxLength; length += stepFrom(length)) lengths.push(length);
  return [...lengths, maxLength];
}

function stepFrom(length: number): number {
  return length < 32 ? 16 : length < 256 ? 32 : length / 4;
}
