import { expect, test } from "vitest";
import { createGramTower } from "./gram-tower.ts";
import type { Lane } from "./lane.ts";
import { maxBatch, rowBytes, type BatchLimits } from "./max-batch.ts";

const limits: BatchLimits = {
  dims: 128,
  hidden: 256,
  survivorsPerResult: 4,
  itemCount: 20_000,
  tower: createGramTower({ buckets: 65_536, dims: 32 }),
  intermediateBytes: 128 * 2 ** 20,
};
const few: Lane = { known: 8, fresh: 8, length: 64, candidates: 0, fetch: 16 };

test("playlists of a few tracks run in full batches", () => {
  expect(maxBatch(few, limits)).toBe(128);
  expect(maxBatch(few, { ...limits, largestBatch: 5 })).toBe(5);
});

test.each<readonly [string, Lane, Partial<BatchLimits>]>([
  ["known tracks", { ...few, known: 1024 }, {}],
  ["new tracks", { ...few, fresh: 512 }, {}],
  ["survivors", { ...few, fetch: 1024 }, { survivorsPerResult: 16 }],
  ["scores of a large catalogue", few, { itemCount: 2_000_000 }],
])("the intermediates of the largest batch fit: %s", (_, lane, changed) => {
  const all = { ...limits, ...changed };
  const rows = maxBatch(lane, all);
  expect(rows).toBeLessThan(128);
  expect(rows * rowBytes(lane, all)).toBeLessThanOrEqual(all.intermediateBytes);
  expect((rows + 1) * rowBytes(lane, all)).toBeGreaterThan(all.intermediateBytes);
});

test("a graph that scores a large catalogue bit by bit takes larger batches", () => {
  const large = { ...limits, itemCount: 2_000_000 };
  const ofChunks = maxBatch(few, { ...large, scoredAtOnce: 65_536 });
  expect(ofChunks).toBeGreaterThan(4 * maxBatch(few, large));
});

test("where new tracks take the time, a run has few of them, whoever asks", () => {
  const slow = { ...limits, largestBatch: 8, tower: { ...limits.tower, tracksPerRun: 64 } };
  const batches = [0, 1, 8, 16, 64, 1024].map((fresh) => maxBatch({ ...few, fresh }, slow));
  expect(batches).toEqual([8, 8, 8, 4, 1, 1]);
});

test("one row runs however large it is", () => {
  expect(maxBatch(few, { ...limits, intermediateBytes: 1 })).toBe(1);
});
