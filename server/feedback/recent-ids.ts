import { createKeyTable } from "./key-table.ts";
import { createKeyedHash } from "./keyed-hash.ts";

/** The event ids of a while, in bounded memory. */
export interface RecentIds {
  has(id: string, nowMs: number): boolean;
  /** Of one that just came and is not there. When memory is full, the oldest is forgotten. */
  add(id: string, atMs: number): void;
  /** Of one that came before all that are known; false when memory is full. */
  addOlder(id: string, atMs: number): boolean;
  /** How many were forgotten before their time was over. */
  forgottenEarly(): number;
}

export interface RecentIdsOptions {
  readonly windowMs: number;
  /** An id takes 32 to 40 bytes, however long it is; memory is taken as it fills. */
  readonly maxIds: number;
}

/** So that after a pause of hours one call does not pay for all ids whose time has ended. */
const maxExpiredAtOnce = 64;

/** A ring in order of time. By 128 bits of a hash: among a billion ids, two are taken for the same with a chance of 10^-21. */
export function createRecentIds({ windowMs, maxIds }: RecentIdsOptions): RecentIds {
  const table = createKeyTable(maxIds);
  const keyOf = createKeyedHash();
  const times = new Float64Array(maxIds);
  let oldest = 0;
  let count = 0;
  let early = 0;

  function forgetOldest(): void {
    table.remove(oldest);
    oldest = (oldest + 1) % maxIds;
    count -= 1;
  }

  function makeRoom(nowMs: number): void {
    for (let i = 0; i < maxExpiredAtOnce && count > 0; i++) {
      if (times[oldest]! > nowMs - windowMs) break;
      forgetOldest();
    }
    if (count < maxIds) return;
    if (times[oldest]! > nowMs - windowMs) early += 1;
    forgetOldest();
  }

  return {
    has(id, nowMs) {
      const place = table.find(keyOf(id));
      return place >= 0 && times[place]! > nowMs - windowMs;
    },
    add(id, atMs) {
      makeRoom(atMs);
      const place = (oldest + count) % maxIds;
      times[place] = atMs;
      table.put(place, keyOf(id));
      count += 1;
    },
    addOlder(id, atMs) {
      if (count === maxIds) return false;
      const key = keyOf(id);
      if (table.find(key) >= 0) return true;
      oldest = (oldest + maxIds - 1) % maxIds;
      times[oldest] = atMs;
      table.put(oldest, key);
      count += 1;
      return true;
    },
    forgottenEarly: () => early,
  };
}
