import { maxIdBytes } from "../catalogue/layout.ts";
import type { Closeness } from "./title-key.ts";
import { createNameKey } from "./name-key.ts";
import type { TrackName } from "./track-name.ts";

/** Bytes of a long key that stay; behind them the mark, and a hash of the whole in hexadecimal digits. */
const keptBytes = 110;
/** In no key: letters are larger. */
const cutMark = 0x01;

/** A key as an id index takes it. */
export interface IndexKey {
  /** Valid up to `length`. */
  readonly bytes: Uint8Array;
  length: number;
  /** The key was cut: equal bytes may be of keys that differ, so compare `whole`. */
  isCut: boolean;
  /** The whole key, valid up to `wholeLength`. */
  readonly whole: Uint8Array;
  wholeLength: number;
  write(track: TrackName, closeness: Closeness): void;
}

/** Kept and overwritten from track to track. */
export function createIndexKey(): IndexKey {
  const name = createNameKey();
  const bytes = new Uint8Array(maxIdBytes);
  const key: IndexKey = {
    bytes,
    length: 0,
    isCut: false,
    whole: name.bytes,
    wholeLength: 0,
    write(track, closeness) {
      name.write(track, closeness);
      key.wholeLength = name.length;
      key.isCut = name.length > maxIdBytes;
      key.length = key.isCut ? cut(name.bytes, name.length, bytes) : name.length;
      if (!key.isCut) for (let i = 0; i < name.length; i++) bytes[i] = name.bytes[i]!;
    },
  };
  return key;
}

function cut(whole: Uint8Array, wholeLength: number, bytes: Uint8Array): number {
  let length = keptBytes;
  // Not in the middle of a letter: an id is text.
  while ((whole[length]! & 0xc0) === 0x80) length -= 1;
  for (let i = 0; i < length; i++) bytes[i] = whole[i]!;
  bytes[length] = cutMark;
  const behindFirst = putHash(hashOf(whole, wholeLength, 0x2545f491), bytes, length + 1);
  return putHash(hashOf(whole, wholeLength, 0x6a09e667), bytes, behindFirst);
}

function hashOf(bytes: Uint8Array, length: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ bytes[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** @returns Where its eight digits end. */
function putHash(hash: number, bytes: Uint8Array, start: number): number {
  for (let digit = 0; digit < 8; digit++) {
    const value = (hash >>> (4 * digit)) & 15;
    bytes[start + digit] = value < 10 ? 0x30 + value : 0x57 + value;
  }
  return start + 8;
}
