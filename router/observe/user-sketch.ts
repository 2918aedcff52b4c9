import type { Word } from "../xxhash64.ts";

/**
 * How many different users there were, about: a HyperLogLog with 4,096 registers, off by 1.6% (one standard error).
 * Sketches of one salt can be joined: who was seen by two routers counts once.
 */
export interface UserSketch {
  /** @param hash Of the user's key, of 64 bits. */
  add(hash: Readonly<Word>): void;
  /** In base64; "" when nobody was seen. */
  encode(): string;
}

const indexBits = 12;
const registerCount = 2 ** indexBits;
/** Of the hash, after the index: enough for 2^44 users. */
const rankBits = 32;
/** The relative standard error. */
export const sketchError = 1.04 / Math.sqrt(registerCount);

export function createUserSketch(registers = new Uint8Array(registerCount)): UserSketch {
  return {
    // The upper bits: a bucket is the hash modulo 10,000, which an arm of few buckets leaves no choice in the lower ones.
    add({ hi, lo }) {
      const index = hi >>> (32 - indexBits);
      const rank = Math.clz32((hi << indexBits) | (lo >>> (32 - indexBits))) + 1;
      if (rank > registers[index]!) registers[index] = rank;
    },
    encode() {
      const { buffer, byteOffset, length } = packed(registers);
      return Buffer.from(buffer, byteOffset, length).toString("base64");
    },
  };
}

/** Of sketches as they are encoded; throws for what is none. */
export function joinSketches(sketches: readonly string[]): string {
  const [first, ...others] = sketches.filter((sketch) => sketch !== "");
  if (first === undefined) return "";
  const registers = unpacked(first);
  for (const other of others)
    unpacked(other).forEach((rank, i) => (registers[i] = Math.max(registers[i]!, rank)));
  return createUserSketch(registers).encode();
}

/** An estimate; exact to a user or so while they are few. */
export function countUsers(sketch: string): number {
  return sketch === "" ? 0 : estimate(unpacked(sketch));
}

/** Whether this build can count by it. */
export function isSketch(text: string): boolean {
  try {
    return text === "" || (text.length <= longestText && unpacked(text).length === registerCount);
  } catch {
    return false;
  }
}

/** All registers, in base64. */
const longestText = Math.ceil(registerCount / 3) * 4;
const entryBytes = 3;

/** All registers, or, where that is shorter, three bytes for each that is not 0: its index and its rank. */
function packed(registers: Uint8Array): Uint8Array {
  let count = 0;
  for (let i = 0; i < registerCount; i++) if (registers[i]! > 0) count++;
  if (count * entryBytes >= registerCount) return registers;
  const entries = new Uint8Array(count * entryBytes);
  let at = 0;
  for (let i = 0; i < registerCount; i++) {
    if (registers[i] === 0) continue;
    entries[at++] = i >>> 8;
    entries[at++] = i & 0xff;
    entries[at++] = registers[i]!;
  }
  return entries;
}

function unpacked(sketch: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(sketch, "base64");
  if (bytes.length === registerCount) return checked(new Uint8Array(bytes));
  if (bytes.length > registerCount || bytes.length % entryBytes !== 0) throw noSketch();
  const registers = new Uint8Array(registerCount);
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const index = bytes.readUInt16BE(at);
    if (index >= registerCount) throw noSketch();
    registers[index] = bytes[at + 2]!;
  }
  return checked(registers);
}

function checked(registers: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (registers.some((rank) => rank > rankBits + 1)) throw noSketch();
  return registers;
}

function noSketch(): Error {
  return new Error("this is no sketch of users: another build may have made it");
}

/** Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017): no bias at any count. */
function estimate(registers: Uint8Array): number {
  const counts = new Float64Array(rankBits + 2);
  for (const rank of registers) counts[rank]! += 1;
  const m = registerCount;
  let z = m * tau((m - counts[rankBits + 1]!) / m);
  for (let rank = rankBits; rank >= 1; rank--) z = 0.5 * (z + counts[rank]!);
  z += m * sigma(counts[0]! / m);
  return (m * m) / (2 * Math.LN2 * z);
}

/** What registers that are still 0 add. */
function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [x, y, z, before] = [share, 1, share, NaN];
  while (z !== before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

/** What registers take away that cannot rise any more. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, z, before] = [share, 1, 1 - share, NaN];
  while (z !== before) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
