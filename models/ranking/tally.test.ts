import { expect, test } from "vitest";
import { createTally } from "./tally.ts";

const hourMs = 3_600_000;

/** Items of which the last is the most popular. */
function openTally(itemCount: number) {
  let nowMs = 0;
  const ranking = Array.from({ length: itemCount }, (_, place) => itemCount - 1 - place);
  const tally = createTally(ranking, { now: () => nowMs });
  return { ...tally, pass: (ms: number) => (nowMs += ms) };
}

test("counts what is recommended by how popular it is", () => {
  const { item, recommended } = openTally(1_000);
  for (const place of [0, 9, 10, 99, 100, 500]) item(999 - place);
  expect(recommended.counts()).toMatchObject({ items: 6, inTopHundredth: 2, inTopTenth: 4 });
  expect(recommended.counts().rankShares).toBeCloseTo(0.718, 3);
  expect(recommended.itemCount).toBe(1_000);
});

test("whatever is the most popular of few items is in their top tenth", () => {
  const { item, recommended } = openTally(5);
  item(4);
  item(3);
  expect(recommended.counts()).toMatchObject({ inTopHundredth: 1, inTopTenth: 1 });
  expect(openTally(0).recommended.counts()).toMatchObject({ items: 0, rankShares: 0 });
});

test("different items count once an hour; until the first is over, so far", () => {
  const { item, recommended, pass } = openTally(10);
  const distinct = () => recommended.counts().distinctItems;
  for (const one of [1, 2, 2, 1, 3]) item(one);
  expect(distinct()).toBe(3);
  pass(hourMs);
  expect(distinct()).toBe(3);
  item(1);
  item(9);
  pass(hourMs - 1);
  expect(distinct()).toBe(3);
  pass(1);
  expect(distinct()).toBe(2);
  pass(hourMs);
  expect(distinct()).toBe(0);
});

test("hours are told apart for longer than a byte can number them", () => {
  const { item, recommended, pass } = openTally(10);
  for (let hour = 0; hour < 600; hour++) {
    item(hour % 10);
    item((hour + 1) % 10);
    pass(hourMs);
    expect(recommended.counts().distinctItems).toBe(2);
  }
});

test("the ids of requests are added up", () => {
  const { ids, recommended } = openTally(10);
  ids(3);
  ids(4);
  expect(recommended.counts().requestIds).toBe(7);
});

test("what became of tracks is added up, once there are any", () => {
  const { tracks, recommended } = openTally(10);
  expect(recommended.counts().requestTracks).toBeUndefined();
  tracks({ known: 3, matched: 1, new: 0 });
  tracks({ known: 0, matched: 0, new: 5 });
  expect(recommended.counts().requestTracks).toEqual({ known: 3, matched: 1, new: 5 });
});

test("best scores are counted by their size", () => {
  const { topScore, recommended } = openTally(10);
  for (const score of [4, 4.1, -2]) topScore(score);
  expect(recommended.topScores()).toEqual([
    { from: 4, replies: 2 },
    { from: -2, replies: 1 },
  ]);
});
