/**
 * Whether a call is among the chosen ones, so many of 10,000: by its number in the schedule and the seed, so that who
 * sends it makes no difference.
 */
export function isChosen(number: number, basisPoints: number, seed: number): boolean {
  return mix(Math.imul(number, 0x9e3779b1) ^ mix(seed)) % 10_000 < basisPoints;
}

/** The last steps of MurmurHash3: each bit of the input changes half of the output's. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
