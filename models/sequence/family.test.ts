import { expect, test } from "vitest";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { buildCatalogue, buildIdIndex } from "../catalogue/build-index.ts";
import { unhurried } from "../exporting/graph-runner.ts";
import { testFamily } from "../family.contract.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { Random } from "../random.ts";
import { createSequenceFamily, type SequenceOptions } from "./family.ts";
import { writeVariants } from "./graph/variants.fixture.ts";
import { randomWeights } from "./random-weights.ts";
import type { SequenceRow } from "./row.ts";
import type { SequenceShape } from "./shape.ts";

const by = { model: "movies", version: "7", backend: "cpu-fp32" };

const shape: SequenceShape = {
  items: 40,
  users: 2,
  itemDims: 8,
  userDims: 4,
  maxLength: 12,
  blocks: 2,
  heads: 1,
  hidden: 12,
  activation: "relu",
  layerNormEpsilon: 1e-8,
  embeddingScale: 3,
};

function settingsOf(): SequenceOptions["settings"] {
  return {
    lengths: [4, 8, 12],
    padding: "left",
    itemDims: shape.itemDims,
    userDims: shape.userDims,
    heads: shape.heads,
    hidden: shape.hidden,
    survivorsPerResult: 0,
  };
}

function openFamily(options: Partial<SequenceOptions> = {}) {
  return createSequenceFamily({
    settings: settingsOf(),
    items: buildCatalogue(
      Array.from({ length: shape.items }, (_, i) => ({ id: `${i}`, title: `Title ${i}` })),
    ),
    users: buildIdIndex(["ana", "bo"]),
    popularity: Float32Array.from({ length: shape.items }, (_, i) => i % 10),
    limits: defaultRequestLimits,
    ...options,
  });
}

type RequestFields = Parameters<typeof RecommendRequest.fromPartial>[0];

function bytesOf(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(RecommendRequest.fromPartial(fields)).finish();
}

function read(fields: RequestFields, family = openFamily()): SequenceRow {
  const row = family.read(bytesOf(fields));
  if (row instanceof ServingError) throw row;
  return row as SequenceRow;
}

function laneOf(fields: RequestFields) {
  return read(fields).shape;
}

function ids(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `${(from + i) % shape.items}`);
}

testFamily("sequence", async () => {
  const weights = randomWeights(shape, new Random(1));
  const files = await writeVariants(weights, ["exact"]);
  const runner = await openRunner(files.graphs["exact"]!);
  const asked: RequestFields[] = [
    ...["ana", "bo", "who", ""].flatMap((userId) => [
      { userId, history: ["3", "5", "lost", "3"] },
      { userId, history: ids(7), candidates: ["2", "9", "gone"] },
      { userId, history: ids(30, 5), topK: 3, exclude: ["1", "8"] },
      { userId, history: ids(10), excludeHistory: true, topK: 30 },
    ]),
    { topK: 30 },
    { userId: "ana" },
    { userId: "ana", history: ["3"], candidates: ["gone"] },
  ];
  return {
    family: openFamily(),
    good: asked.map(bytesOf),
    run: (feeds) => runner.run(feeds, unhurried),
    async close() {
      await runner.close();
      await files[Symbol.asyncDispose]();
    },
  };
});

test("of a long history the last items count, repeats and all; unknown ids are skipped and counted", () => {
  const row = read({ userId: "bo", history: ["lost", ...ids(11), "7", "7", "-1", "40", "7"] });
  expect(row).toMatchObject({ user: 1, coldStart: false, needsRun: true, unknownCount: 3 });
  expect([...row.sequence]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 7, 7, 7]);
});

test("tracks are refused, beside a history too: the family knows no names", () => {
  const tracks = [{ title: "So What" }, { artist: "Nina Simone" }];
  expect(() => read({ history: ids(3), tracks })).toThrow(
    "tracks has 2 elements, and models of the family sequence know no names; send ids of items in history, or ask",
  );
});

test("10,000 items are a history, 10,001 are refused with the cap", () => {
  expect(read({ history: ids(10_000) }).sequence).toEqual(
    Int32Array.from(ids(12, 10_000 - 12), Number),
  );
  const refused = openFamily().read(bytesOf({ history: ids(10_001) }));
  expect(refused).toBeInstanceOf(ServingError);
  expect((refused as ServingError).message).toContain("history has more than 10000 elements");
});

test("a lane is made of the row's own lengths", () => {
  expect(laneOf({ history: ids(4) })).toEqual({ length: 4, candidates: 0, fetch: 16 });
  expect(laneOf({ history: ids(5) })).toEqual({ length: 8, candidates: 0, fetch: 16 });
  expect(laneOf({ history: ids(99), exclude: ids(20) })).toEqual({
    length: 12,
    candidates: 0,
    fetch: 32,
  });
  expect(laneOf({ history: ids(1), candidates: ids(3), excludeHistory: true })).toEqual({
    length: 4,
    candidates: 16,
    fetch: 16,
  });
});

test.each([
  ["left", [40, 40, 3, 5, 40, 40, 40, 7]],
  ["right", [3, 5, 40, 40, 7, 40, 40, 40]],
] as const)("rows are padded on the %s", (padding, expected) => {
  const family = openFamily({ settings: { ...settingsOf(), padding } });
  const rows = [read({ userId: "ana", history: ["3", "5"] }), read({ history: ["7"] })];
  const feeds = family.encode(rows);
  expect([...feeds["sequence"]!.data]).toEqual(expected);
  expect(feeds["sequence"]!.dims).toEqual([2, 4]);
  expect(feeds["user"]!.data).toEqual(Int32Array.of(0, -1));
  expect(new Set(Object.values(feeds).map(({ data }) => data.buffer)).size).toBe(1);
});

test.each([
  ["nobody", {}],
  ["a known user", { userId: "ana" }],
  ["only unknown items", { userId: "bo", history: ["lost", "-3"] }],
])("without a sequence, popularity answers, and says so: %s", (_, fields) => {
  const row = read({ ...fields, exclude: ["9"], topK: 4 });
  expect(row).toMatchObject({ needsRun: false, coldStart: true });
  const { items, served } = RecommendResponse.decode(openFamily().reply(row, by));
  expect(items.map(({ id }) => id)).toEqual(["19", "29", "39", "8"]);
  expect(served!.coldStart).toBe(true);
});

test("excluded items, and those of the history, never come back, and there are as many results as asked for", async () => {
  const files = await writeVariants(randomWeights(shape, new Random(1)), ["exact"]);
  await using _ = files;
  const runner = await openRunner(files.graphs["exact"]!);
  const family = openFamily();
  const row = read({ history: ids(20), exclude: ids(10, 20), excludeHistory: true }, family);
  const outputs = await runner.run(family.encode([row]), unhurried);
  const { items } = RecommendResponse.decode(family.reply(row, by, { outputs, index: 0 }));
  expect(items.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(ids(10, 30).map(Number));
  await runner.close();
});

test("without an index of users everybody is a stranger", () => {
  const family = openFamily({ users: undefined });
  expect(read({ userId: "ana", history: ["1"] }, family)).toMatchObject({
    user: -1,
    coldStart: true,
    needsRun: true,
  });
});

test.each([
  [12, undefined, 128],
  [12, 5, 5],
  [4, 200, 128],
])("batches of length %i, capped at %s, hold %i rows", (length, largestBatch, rows) => {
  const settings = { ...settingsOf(), ...(largestBatch !== undefined && { largestBatch }) };
  expect(openFamily({ settings }).maxBatch(`${length}/0/16`)).toBe(rows);
});
