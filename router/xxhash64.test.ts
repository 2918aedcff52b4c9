import * as fc from "fast-check";
import { expect, test } from "vitest";
import { xxHash64, type Word } from "./xxhash64.ts";

const mask = (1n << 64n) - 1n;

function wordOf(value: bigint): Word {
  return { hi: Number(value >> 32n) | 0, lo: Number(value & 0xffffffffn) | 0 };
}

function hashed(bytes: Uint8Array, seed: bigint): string {
  const { hi, lo } = xxHash64(bytes, wordOf(seed), wordOf(0n));
  return [hi, lo].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

const bytes = Uint8Array.from({ length: 101 }, (_, i) => (i * 131 + 7) & 255);

/** Made with python-xxhash 4.1, which wraps the reference implementation. */
const golden = [
  [0, 0n, "ef46db3751d8e999"],
  [0, 0x9e3779b97f4a7c15n, "c4349fc93c010000"],
  [1, 1n, "0766883a0a47a96a"],
  [3, 0n, "bed43740ee6332bb"],
  [4, 0n, "fa212ae44b3bb23d"],
  [7, 0x9e3779b97f4a7c15n, "c9b637e2c4599de2"],
  [8, 0n, "994b676b71ce94dd"],
  [12, 1n, "23eb959821a629a9"],
  [31, 0x9e3779b97f4a7c15n, "24c4e99ab0404b5e"],
  [32, 0n, "07f7b8e3bc5d6e25"],
  [33, 1n, "489f1772049e476c"],
  [63, 0n, "b7c9968c066cb6a5"],
  [64, 0x9e3779b97f4a7c15n, "a768f350a8e4fcf6"],
  [100, 0n, "9ddada11d3dc2d8f"],
  [100, 0x9e3779b97f4a7c15n, "35546bd9a4779ae4"],
] as const;

test.each(golden)("of %d bytes with the seed %s is %s", (length, seed, hash) => {
  expect(hashed(bytes.subarray(0, length), seed)).toBe(hash);
});

test("is what 64-bit arithmetic makes of any bytes and seed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.bigInt(0n, mask), (input, seed) => {
      expect(hashed(input, seed)).toBe(reference(input, seed).toString(16).padStart(16, "0"));
    }),
    { numRuns: 500 },
  );
});

const primes = [
  0n,
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

const times = (a: bigint, b: bigint) => (a * b) & mask;
const rotated = (a: bigint, bits: bigint) => ((a << bits) | (a >> (64n - bits))) & mask;
const rounded = (lane: bigint, input: bigint) =>
  times(rotated((lane + times(input, primes[2])) & mask, 31n), primes[1]);

/** As the specification has it, with integers of any size. */
function reference(input: Uint8Array, seed: bigint): bigint {
  const view = Buffer.from(input);
  let at = 0;
  let hash = (seed + primes[5]) & mask;
  if (view.length >= 32) {
    const offsets = [primes[1] + primes[2], primes[2], 0n, -primes[1]];
    let lanes = offsets.map((offset) => (seed + offset) & mask);
    for (; at + 32 <= view.length; at += 32)
      lanes = lanes.map((lane, i) => rounded(lane, view.readBigUInt64LE(at + 8 * i)));
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, i) => (sum + rotated(lane, turns[i]!)) & mask, 0n);
    for (const lane of lanes)
      hash = (times(hash ^ rounded(0n, lane), primes[1]) + primes[4]) & mask;
  }
  hash = (hash + BigInt(view.length)) & mask;
  for (; at + 8 <= view.length; at += 8)
    hash =
      (times(rotated(hash ^ rounded(0n, view.readBigUInt64LE(at)), 27n), primes[1]) + primes[4]) &
      mask;
  if (at + 4 <= view.length) {
    const mixed = hash ^ times(BigInt(view.readUInt32LE(at)), primes[1]);
    hash = (times(rotated(mixed, 23n), primes[2]) + primes[3]) & mask;
    at += 4;
  }
  for (; at < view.length; at++)
    hash = times(rotated(hash ^ times(BigInt(view[at]!), primes[5]), 11n), primes[1]);
  hash = times(hash ^ (hash >> 33n), primes[2]);
  hash = times(hash ^ (hash >> 29n), primes[3]);
  return hash ^ (hash >> 32n);
}
