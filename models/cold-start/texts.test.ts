import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TrackName } from "../names/track-name.ts";
import { createTexts, type TextLists } from "./texts.ts";
import type { TextTower } from "./tower.ts";

type Lists = readonly [readonly number[], readonly number[]];

/** Reads what it is told to. */
function towerOf() {
  let next: Lists = [[], []];
  const tower: TextTower = {
    inputs: ["titles", "artists"],
    padding: -1,
    lengths: [8],
    counts: [0, 8],
    read: () =>
      next.map((list) => ({ indexes: Int32Array.from([...list, 99]), count: list.length })),
    bytesOfTrack: () => 0,
  };
  const texts = createTexts(tower);
  return (tracks: readonly Lists[]): TextLists => {
    texts.clear();
    for (const track of tracks) {
      next = track;
      texts.add({} as TrackName);
    }
    return texts.take();
  };
}

function listsIn({ count, numbers, ends }: TextLists): Lists[] {
  const list = (at: number) => [...numbers.subarray(at === 0 ? 0 : ends[at - 1], ends[at])];
  return Array.from({ length: count }, (_, i) => [list(2 * i), list(2 * i + 1)]);
}

function byText(lists: readonly Lists[]): string[] {
  return lists.map((one) => JSON.stringify(one)).sort();
}

const numbers = fc.array(fc.nat(3), { maxLength: 5 });
const tracksWithOrder = fc
  .array(fc.tuple(numbers, numbers), { maxLength: 40 })
  .chain((tracks) =>
    fc.tuple(fc.constant(tracks), fc.shuffledSubarray(tracks, { minLength: tracks.length })),
  );

test("holds every track it was given, in an order that theirs does not change", () => {
  const take = towerOf();
  fc.assert(
    fc.property(tracksWithOrder, ([tracks, shuffled]) => {
      const taken = take(tracks);
      expect(take(shuffled)).toEqual(taken);
      expect(byText(listsIn(taken))).toEqual(byText(tracks));
      expect(taken.longest).toBe(Math.max(0, ...tracks.flat().map(({ length }) => length)));
    }),
  );
});

test("what was taken stays as it is", () => {
  const take = towerOf();
  const first = take([[[3, 4], [1]]]);
  for (let i = 0; i < 100; i++) take([[[i], [i]]]);
  expect(listsIn(first)).toEqual([[[3, 4], [1]]]);
});
