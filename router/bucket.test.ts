import { expect, test } from "vitest";
import { bucketCount, createBucketOf } from "./bucket.ts";

/** `xxh64_intdigest(user, seed=xxh64_intdigest(salt)) % 10000` with python-xxhash 4.1. They can never change. */
const golden = [
  ["blend-2024", "ann", 120],
  ["blend-2024", "bob", 4321],
  ["blend-2024", "22434", 5097],
  ["blend-2024", "zoë", 9849],
  ["blend-2024", "0b1d6c1e-6a6b-4a3e-9a55-2f0c3d1e7f90", 642],
  ["blend-2024", "x".repeat(100), 263],
  ["blend-2025", "ann", 9964],
  ["", "ann", 6624],
  ["s", "🎵", 7145],
] as const;

test.each(golden)("with the salt %j the user %j has the bucket %d", (salt, user, bucket) => {
  expect(createBucketOf(salt)(Buffer.from(user))).toBe(bucket);
});

test("buckets of many users are even, and those of another salt have nothing to do with them", () => {
  const users = 100_000;
  const [one, other] = [createBucketOf("one"), createBucketOf("other")];
  const coarse = new Uint32Array(100);
  let both = 0;
  for (let user = 0; user < users; user++) {
    const key = Buffer.from(`user-${user}`);
    const bucket = one(key);
    coarse[Math.floor(bucket / 100)]!++;
    if (bucket < bucketCount / 10 && other(key) < bucketCount / 10) both++;
  }
  const expected = users / coarse.length;
  const chiSquared = coarse.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 99 degrees of freedom: beyond 148 once in a thousand salts. These users and salts are always the same.
  expect(chiSquared).toBeLessThan(148);
  expect(Math.abs(both - users / 100)).toBeLessThan(3 * Math.sqrt(users * 0.01 * 0.99));
});
