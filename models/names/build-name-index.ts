import { buildIdIndex } from "../catalogue/build-index.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { createIndexKey, type IndexKey } from "./index-key.ts";
import { createTrackName } from "./track-name.ts";

/** The contents of the two parts of a bundle, `nameParts`. */
export interface NameFiles {
  readonly names: Uint8Array<SharedArrayBuffer>;
  readonly chains: Uint8Array<SharedArrayBuffer>;
}

/** Items without a title are not found by name. */
export function buildNameIndex(catalogue: Catalogue, popularity: Float32Array): NameFiles {
  const keys = keysOf(catalogue);
  const keyCount = keys.texts.length;
  const starts = new Int32Array(keyCount + 1);
  for (const keyOfItem of [keys.close, keys.loose]) {
    for (const key of keyOfItem) if (key >= 0) starts[key + 1]! += 1;
  }
  for (let key = 0; key < keyCount; key++) starts[key + 1]! += starts[key]!;

  const items = new Int32Array(starts[keyCount]!);
  const ends = starts.slice();
  const order = byPopularity(popularity);
  for (const keyOfItem of [keys.close, keys.loose]) {
    for (const item of order) {
      const key = keyOfItem[item]!;
      if (key >= 0) items[ends[key]!++] = item;
    }
  }
  return {
    names: new Uint8Array(buildIdIndex(keys.texts).buffer),
    chains: chainsFile(starts, items),
  };
}

function chainsFile(starts: Int32Array, items: Int32Array): Uint8Array<SharedArrayBuffer> {
  const buffer = new SharedArrayBuffer(starts.byteLength + items.byteLength);
  const file = new Int32Array(buffer);
  file.set(starts);
  file.set(items, starts.length);
  return new Uint8Array(buffer);
}

interface Keys {
  /** As the index has them. */
  readonly texts: string[];
  /** Of each item, the number of its close key, and of the loose one where that differs; else -1. */
  readonly close: Int32Array;
  readonly loose: Int32Array;
}

function keysOf(catalogue: Catalogue): Keys {
  const track = createTrackName();
  const key = createIndexKey();
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const close = new Int32Array(catalogue.size).fill(-1);
  const loose = close.slice();

  const number = () => {
    const whole = textOf(key.whole, key.wholeLength);
    const known = numbers.get(whole);
    if (known !== undefined) return known;
    numbers.set(whole, texts.length);
    return texts.push(textOf(key.bytes, key.length)) - 1;
  };
  for (let item = 0; item < catalogue.size; item++) {
    track.readItem(catalogue, item);
    if (track.titleStart === track.titleEnd) continue;
    key.write(track, "close");
    close[item] = number();
    key.write(track, "loose");
    const looseKey = number();
    if (looseKey !== close[item]) loose[item] = looseKey;
  }
  return { texts, close, loose };
}

function textOf(bytes: IndexKey["bytes"], length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
}

/** The most popular item first; of equals, the one that stands first. */
function byPopularity(popularity: Float32Array): Int32Array {
  return Int32Array.from(popularity.keys()).sort(
    (a, b) => popularity[b]! - popularity[a]! || a - b,
  );
}
