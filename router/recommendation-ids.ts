import { randomBytes } from "node:crypto";

const digits = 32;
const prefixBytes = 8;
const prefixChars = 13;

/** Unique ids, e.g. "3v0c1q9k2m7ra000001": what this process drew by chance, then a counter, in base 32. */
export function createRecommendationIds(seed = randomBytes(prefixBytes)): () => string {
  const prefix = seed.readBigUInt64BE().toString(digits).padStart(prefixChars, "0");
  let count = 0;
  return () => prefix + (count++).toString(digits);
}
