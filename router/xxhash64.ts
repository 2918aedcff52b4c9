/** 64 bits as two halves, each an integer from -2^31 to 2^31 - 1: BigInt takes five times as long. */
export interface Word {
  hi: number;
  lo: number;
}

const prime1: Readonly<Word> = { hi: 0x9e3779b1 | 0, lo: 0x85ebca87 | 0 };
const prime2: Readonly<Word> = { hi: 0xc2b2ae3d | 0, lo: 0x27d4eb4f | 0 };
const prime3: Readonly<Word> = { hi: 0x165667b1, lo: 0x9e3779f9 | 0 };
const prime4: Readonly<Word> = { hi: 0x85ebca77 | 0, lo: 0xc2b2ae63 | 0 };
const prime5: Readonly<Word> = { hi: 0x27d4eb2f, lo: 0x165667c5 };
const stripeBytes = 32;

const word = (): Word => ({ hi: 0, lo: 0 });
/** Overwritten by every hash. */
const lanes = [word(), word(), word(), word()] as const;
const scratch = word();

/** xxHash64 of the bytes: `hash`, which is overwritten and returned. Any seed gives a hash function of its own. */
export function xxHash64(bytes: Uint8Array, seed: Readonly<Word>, hash: Word): Word {
  let at = 0;
  if (bytes.length < stripeBytes) {
    set(hash, seed);
    add(hash, prime5);
  } else {
    startLanes(seed);
    for (; at + stripeBytes <= bytes.length; at += stripeBytes) {
      for (let i = 0; i < lanes.length; i++) round(lanes[i]!, bytes, at + 8 * i);
    }
    mergeLanes(hash);
  }
  addNumber(hash, bytes.length);
  mixTail(hash, bytes, at);
  avalanche(hash);
  return hash;
}

function startLanes(seed: Readonly<Word>): void {
  for (const lane of lanes) set(lane, seed);
  add(lanes[0], prime1);
  add(lanes[0], prime2);
  add(lanes[1], prime2);
  set(scratch, prime1);
  negate(scratch);
  add(lanes[3], scratch);
}

/** Takes in the eight bytes at `at`. */
function round(lane: Word, bytes: Uint8Array, at: number): void {
  scratch.lo = read32(bytes, at);
  scratch.hi = read32(bytes, at + 4);
  absorb(lane);
}

/** Takes in `scratch`. */
function absorb(lane: Word): void {
  multiply(scratch, prime2);
  add(lane, scratch);
  rotate(lane, 31);
  multiply(lane, prime1);
}

const laneRotations = [1, 7, 12, 18] as const;

function mergeLanes(hash: Word): void {
  hash.hi = 0;
  hash.lo = 0;
  for (let i = 0; i < lanes.length; i++) {
    set(scratch, lanes[i]!);
    rotate(scratch, laneRotations[i]!);
    add(hash, scratch);
  }
  for (let i = 0; i < lanes.length; i++) {
    mixIn(hash, lanes[i]!);
    multiply(hash, prime1);
    add(hash, prime4);
  }
}

/** hash ^= the round of `value` on an empty lane. */
function mixIn(hash: Word, value: Readonly<Word>): void {
  set(scratch, value);
  multiply(scratch, prime2);
  rotate(scratch, 31);
  multiply(scratch, prime1);
  xor(hash, scratch);
}

/** The bytes that fill no stripe: by eight, then four, then one. */
function mixTail(hash: Word, bytes: Uint8Array, start: number): void {
  let at = start;
  const tail = word();
  for (; at + 8 <= bytes.length; at += 8) {
    tail.lo = read32(bytes, at);
    tail.hi = read32(bytes, at + 4);
    mixIn(hash, tail);
    rotate(hash, 27);
    multiply(hash, prime1);
    add(hash, prime4);
  }
  if (at + 4 <= bytes.length) {
    mixNumber(hash, read32(bytes, at), prime1);
    rotate(hash, 23);
    multiply(hash, prime2);
    add(hash, prime3);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    mixNumber(hash, bytes[at]!, prime5);
    rotate(hash, 11);
    multiply(hash, prime1);
  }
}

/** hash ^= value * prime, of 32 bits without a sign. */
function mixNumber(hash: Word, value: number, prime: Readonly<Word>): void {
  scratch.hi = 0;
  scratch.lo = value;
  multiply(scratch, prime);
  xor(hash, scratch);
}

function avalanche(hash: Word): void {
  hash.lo ^= hash.hi >>> 1;
  multiply(hash, prime2);
  const { hi } = hash;
  hash.lo ^= (hi << 3) | (hash.lo >>> 29);
  hash.hi ^= hi >>> 29;
  multiply(hash, prime3);
  hash.lo ^= hash.hi;
}

function set(to: Word, from: Readonly<Word>): void {
  to.hi = from.hi;
  to.lo = from.lo;
}

function xor(to: Word, by: Readonly<Word>): void {
  to.hi ^= by.hi;
  to.lo ^= by.lo;
}

function add(to: Word, by: Readonly<Word>): void {
  const lo = (to.lo >>> 0) + (by.lo >>> 0);
  to.hi = (to.hi + by.hi + (lo > 0xffffffff ? 1 : 0)) | 0;
  to.lo = lo | 0;
}

/** @param by From 0 to 2^32 - 1. */
function addNumber(to: Word, by: number): void {
  const lo = (to.lo >>> 0) + by;
  to.hi = (to.hi + (lo > 0xffffffff ? 1 : 0)) | 0;
  to.lo = lo | 0;
}

function negate(value: Word): void {
  value.lo = -value.lo | 0;
  value.hi = (~value.hi + (value.lo === 0 ? 1 : 0)) | 0;
}

/** @param bits From 1 to 31. */
function rotate(value: Word, bits: number): void {
  const { hi, lo } = value;
  value.hi = (hi << bits) | (lo >>> (32 - bits));
  value.lo = (lo << bits) | (hi >>> (32 - bits));
}

/** Modulo 2^64. */
function multiply(to: Word, by: Readonly<Word>): void {
  const { hi, lo } = to;
  to.hi = (highOfProduct(lo, by.lo) + Math.imul(hi, by.lo) + Math.imul(lo, by.hi)) | 0;
  to.lo = Math.imul(lo, by.lo);
}

/** The upper half of the product of two halves without a sign; every intermediate is exact in a double. */
function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const lower = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(lower / 0x10000)) | 0;
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
