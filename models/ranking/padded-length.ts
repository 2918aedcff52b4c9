/** Steps small enough that 75 candidates cost 80, few enough that lanes still fill. */
export function paddedLength(length: number): number {
  if (length === 0) return 0;
  if (length <= 128) return Math.ceil(length / 16) * 16;
  if (length <= 1024) return Math.ceil(length / 128) * 128;
  return powerOfTwoFrom(length);
}

/**
 * How many results a lane's graph returns.
 * @param most Candidates with their padding, or the items of the catalogue.
 */
export function fetchFor(wanted: number, most: number): number {
  return Math.min(most, Math.max(16, powerOfTwoFrom(wanted)));
}

function powerOfTwoFrom(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
}
