import { xxHash64, type Word } from "./xxhash64.ts";

/** One per basis point. */
export const bucketCount = 10_000;

/** The bucket of a user key, from 0 to 9,999. */
export type BucketOf = (userKey: Uint8Array) => number;

const twoTo32 = 2 ** 32;
const noSeed: Readonly<Word> = { hi: 0, lo: 0 };

/**
 * bucket = xxHash64(user key, seed: xxHash64(salt)) mod 10,000, unsigned. Other programs that must agree need no more
 * than this line and a library.
 */
export function createBucketOf(salt: string): BucketOf {
  const hashOf = createUserHash(salt);
  return (userKey) => bucketOfHash(hashOf(userKey));
}

/** The hash of a user key; the next one overwrites it. */
export type UserHash = (userKey: Uint8Array) => Readonly<Word>;

export function createUserHash(salt: string): UserHash {
  const seed = xxHash64(Buffer.from(salt), noSeed, { hi: 0, lo: 0 });
  const hash: Word = { hi: 0, lo: 0 };
  return (userKey) => xxHash64(userKey, seed, hash);
}

export function bucketOfHash({ hi, lo }: Readonly<Word>): number {
  // Exact: below 10,000 * 2^32.
  return (((hi >>> 0) % bucketCount) * twoTo32 + (lo >>> 0)) % bucketCount;
}
