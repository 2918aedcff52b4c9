/**
 * 32 bits of an id's bytes, four bytes a step. Part of the file format: another hash is another format version.
 * Sequential numbers spread as well as random text does.
 */
export function hashId(bytes: DataView, start: number, end: number): number {
  let hash = (end - start) ^ 0x9e3779b9;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  let tail = 0;
  for (; at < end; at++) tail = (tail << 8) | bytes.getUint8(at);
  hash = Math.imul(hash ^ tail, 0xc2b2ae35);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x27d4eb2f);
  return hash ^ (hash >>> 16);
}
