import type { Random } from "../../models/random.ts";
import { ServingError } from "../../proto/serving-error.ts";

const maxCount = 10_000_000;

/**
 * Draws 0 up to and without `count`, the n-th with a probability in proportion to 1 / (n + 1)^exponent: few are asked for
 * often and most of them seldom, as it is with users and songs.
 */
export function createZipf(count: number, exponent = 1): (random: Random) => number {
  if (!Number.isInteger(count) || count < 1 || count > maxCount)
    throw new ServingError("INVALID_ARGUMENT", `zipf of ${count}; from 1 to ${maxCount}`);
  if (!(exponent >= 0 && exponent <= 10))
    throw new ServingError("INVALID_ARGUMENT", `zipf's exponent is ${exponent}; from 0 to 10`);
  const cumulated = new Float64Array(count);
  let total = 0;
  for (let n = 0; n < count; n++) cumulated[n] = total += (n + 1) ** -exponent;
  return (random) => {
    const drawn = random.share() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
