import type { TrackName } from "../names/track-name.ts";
import { createIndexLists, type IndexLists } from "../ranking/index-lists.ts";
import type { TextTower } from "./tower.ts";

/** The names of a row's new tracks, as a tower reads them, in an order that is always the same. */
export interface TextLists {
  /** Tracks. */
  readonly count: number;
  /** Of all lists. */
  readonly longest: number;
  /** The lists one behind the other, those of a track in the order of the tower's inputs. */
  readonly numbers: Int32Array;
  /** Where each list ends. */
  readonly ends: Int32Array;
}

/** Collects the names of one row. */
export interface Texts {
  clear(): void;
  add(track: TrackName): void;
  /** What was added, sorted by its numbers. The caller's to keep. */
  take(): TextLists;
}

const nothing = new Int32Array();
export const noTexts: TextLists = { count: 0, longest: 0, numbers: nothing, ends: nothing };

export function createTexts(tower: TextTower, lists: IndexLists = createIndexLists()): Texts {
  const listsOfTrack = tower.inputs.length;
  let numbers = new Int32Array(1024);
  let ends = new Int32Array(64);
  let order = new Int32Array(64);
  let count = 0;
  let used = 0;
  let longest = 0;

  const startOf = (track: number) => (track === 0 ? 0 : ends[track * listsOfTrack - 1]!);

  const compare = (a: number, b: number) => {
    let atA = startOf(a);
    let atB = startOf(b);
    for (let list = 0; list < listsOfTrack; list++) {
      const endA = ends[a * listsOfTrack + list]!;
      const endB = ends[b * listsOfTrack + list]!;
      while (atA < endA && atB < endB) {
        const difference = numbers[atA++]! - numbers[atB++]!;
        if (difference !== 0) return difference;
      }
      if (endA - atA !== endB - atB) return endA - atA - (endB - atB);
    }
    return 0;
  };

  const sorted = () => {
    order = withRoom(order, count);
    for (let track = 0; track < count; track++) order[track] = track;
    return order.subarray(0, count).sort(compare);
  };

  return {
    clear() {
      count = 0;
      used = 0;
      longest = 0;
    },
    add(track) {
      let list = count * listsOfTrack;
      ends = withRoom(ends, list + listsOfTrack);
      for (const { indexes, count: length } of tower.read(track)) {
        numbers = withRoom(numbers, used + length);
        for (let i = 0; i < length; i++) numbers[used++] = indexes[i]!;
        ends[list++] = used;
        longest = Math.max(longest, length);
      }
      count++;
    },
    take() {
      if (count === 0) return noTexts;
      const taken = { count, longest, numbers: lists(used), ends: lists(count * listsOfTrack) };
      let at = 0;
      sorted().forEach((track, place) => {
        const shift = at - startOf(track);
        for (let list = 0; list < listsOfTrack; list++)
          taken.ends[place * listsOfTrack + list] = ends[track * listsOfTrack + list]! + shift;
        const end = startOf(track + 1);
        for (let from = startOf(track); from < end; from++) taken.numbers[at++] = numbers[from]!;
      });
      return taken;
    },
  };
}

function withRoom(list: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= list.length) return list;
  const larger = new Int32Array(2 ** Math.ceil(Math.log2(length)));
  larger.set(list);
  return larger;
}
