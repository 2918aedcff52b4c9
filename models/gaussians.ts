import type { Random } from "./random.ts";

/** Independent numbers of mean 0 and deviation 1, by Box and Muller's pairs. */
export function gaussians(count: number, random: Random): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.share()));
    const angle = 2 * Math.PI * random.share();
    values[i] = radius * Math.cos(angle);
    // Past the end of an odd count the write does nothing.
    values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
