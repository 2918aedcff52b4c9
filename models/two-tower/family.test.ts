import { expect, test } from "vitest";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { buildCatalogue, buildIdIndex } from "../catalogue/build-index.ts";
import type { Tensors } from "../tensors.ts";
import { testFamily } from "../family.contract.ts";
import { Random } from "../random.ts";
import { unhurried } from "../exporting/graph-runner.ts";
import { createTwoTowerFamily } from "./family.ts";
import { writeVariants } from "./graph/variants.fixture.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { randomWeights } from "./random-weights.ts";
import type { TwoTowerRow } from "./row.ts";

const by = { model: "playlists", version: "7", backend: "cpu-fp32" };
const itemCount = 40;

function openFamily() {
  return createTwoTowerFamily({
    items: buildCatalogue(
      Array.from({ length: itemCount }, (_, i) => ({ id: `i${i}`, title: `Title ${i}` })),
    ),
    users: buildIdIndex(["ana", "bo"]),
    popularity: Float32Array.from({ length: itemCount }, (_, i) => i % 10),
    dims: 4,
    limits: defaultRequestLimits,
  });
}

type RequestFields = Parameters<typeof RecommendRequest.fromPartial>[0];

function read(fields: RequestFields): TwoTowerRow {
  const row = openFamily().read(bytesOf(fields));
  if (row instanceof ServingError) throw row;
  return row as TwoTowerRow;
}

function bytesOf(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(RecommendRequest.fromPartial(fields)).finish();
}

testFamily("two-tower", async () => {
  const dims = 4;
  const weights = randomWeights({ users: 2, items: itemCount, dims }, new Random(1));
  const files = await writeVariants(weights);
  const runner = await openRunner(files.graphs["fp32"]!);
  const history = ["i3", "i5", "lost"];
  const candidates = ["i2", "i9", "gone"];
  const asked: RequestFields[] = [
    ...["ana", "bo"].flatMap((userId) => [{ userId }, { userId, topK: 3, exclude: ["i1", "i8"] }]),
    ...["who", ""].map((userId) => ({ userId, history })),
    ...["ana", "bo"].map((userId) => ({ userId, candidates })),
    { history, excludeHistory: true, candidates },
    { topK: 30 },
    { userId: "ana", candidates: ["gone"] },
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

test("a known user's history only excludes, an unknown user's makes the vector", () => {
  const known = read({ userId: "bo", history: ["i3", "i5"] });
  expect(known).toMatchObject({
    user: 1,
    history: new Int32Array(),
    coldStart: false,
    needsRun: true,
  });

  const unknown = read({ userId: "who", history: ["i3", "i5", "i3"] });
  expect(unknown).toMatchObject({
    user: -1,
    history: Int32Array.of(3, 5, 3),
    coldStart: true,
    needsRun: true,
  });
});

test("tracks are refused: the family knows no names", () => {
  expect(() => read({ userId: "ana", tracks: [{ title: "So What" }] })).toThrow(
    "tracks has 1 element, and models of the family two-tower know no names; send ids of items in history, or ask",
  );
});

test("candidates are put in order, without repeats and excluded items; unknown ids are counted", () => {
  const row = read({
    userId: "ana",
    history: ["i1", "lost"],
    candidates: ["i4", "gone", "i1", "i2", "i9", "i2"],
    exclude: ["i9"],
    excludeHistory: true,
  });
  expect(row.candidates).toEqual(Int32Array.of(2, 4));
  expect(row.unknown.count).toBe(2);
});

test("a lane is made of the row's own sizes, with room for what will be filtered out", () => {
  expect(read({ userId: "ana" }).shape).toEqual({ history: 0, candidates: 0, fetch: 16 });
  const exclude = Array.from({ length: 20 }, (_, i) => `i${i}`);
  expect(read({ userId: "ana", exclude }).shape).toEqual({ history: 0, candidates: 0, fetch: 32 });
  expect(read({ userId: "ana", exclude, topK: 1_000 }).shape.fetch).toBe(itemCount);
  expect(read({ userId: "who", history: ["i1"], candidates: ["i2", "i3"] }).shape).toEqual({
    history: 16,
    candidates: 16,
    fetch: 16,
  });
});

test("rows of one lane become feeds of one buffer, padded with the zero row", () => {
  const family = openFamily();
  const rows = [
    read({ userId: "ana", candidates: ["i2", "i3"] }),
    read({ userId: "bo", candidates: ["i7"] }),
  ];
  const feeds = family.encode(rows);
  expect(feeds["user"]!.data).toEqual(Int32Array.of(0, 1));
  expect(feeds["history"]!.dims).toEqual([2, 0]);
  expect([...feeds["candidates"]!.data].slice(0, 3)).toEqual([2, 3, itemCount]);
  expect([...feeds["candidates"]!.data].slice(16, 18)).toEqual([7, itemCount]);
  expect(new Set(Object.values(feeds).map(({ data }) => data.buffer)).size).toBe(1);
});

test("a reply has the best that are not excluded, with titles and who answered", () => {
  const family = openFamily();
  const row = read({ userId: "ana", exclude: ["i8", "missing"], topK: 2 });
  const outputs: Tensors = {
    ids: { type: "int32", dims: [2, 3], data: Int32Array.of(1, 2, 3, 8, 9, 4) },
    scores: { type: "float32", dims: [2, 3], data: Float32Array.of(9, 8, 7, 3.5, 2.5, 1.5) },
  };
  const reply = RecommendResponse.decode(family.reply(row, by, { outputs, index: 1 }));
  expect(reply.items).toEqual([
    { id: "i9", title: "Title 9", artist: "", score: 2.5 },
    { id: "i4", title: "Title 4", artist: "", score: 1.5 },
  ]);
  expect(reply.served).toEqual({
    model: "playlists",
    modelVersion: "7",
    backend: "cpu-fp32",
    coldStart: false,
    degraded: "",
    unknownCount: 1,
    unknownIds: ["missing"],
  });
});

test("results end where the padding begins", () => {
  const outputs: Tensors = {
    ids: { type: "int32", dims: [1, 3], data: Int32Array.of(2, -1, -1) },
    scores: { type: "float32", dims: [1, 3], data: Float32Array.of(1, -Infinity, -Infinity) },
  };
  const reply = openFamily().reply(read({ userId: "ana", candidates: ["i2"] }), by, {
    outputs,
    index: 0,
  });
  expect(RecommendResponse.decode(reply).items.map(({ id }) => id)).toEqual(["i2"]);
});

test("nobody known, nothing heard: the most popular, ties in catalogue order", () => {
  const row = read({ exclude: ["i9"], topK: 4 });
  expect(row).toMatchObject({ needsRun: false, coldStart: true });
  const { items, served } = RecommendResponse.decode(openFamily().reply(row, by));
  expect(items.map(({ id }) => id)).toEqual(["i19", "i29", "i39", "i8"]);
  expect(items[0]!.score).toBe(9);
  expect(served!.coldStart).toBe(true);
});

test("popularity ranks the candidates of somebody unknown", () => {
  const row = read({ candidates: ["i4", "i12", "i7", "i2"], topK: 3 });
  const { items } = RecommendResponse.decode(openFamily().reply(row, by));
  expect(items.map(({ id }) => id)).toEqual(["i7", "i4", "i2"]);
});

test("candidates that the model does not know, every one, make an empty answer", () => {
  const row = read({ userId: "ana", candidates: ["x", "y"] });
  expect(row.needsRun).toBe(false);
  expect(RecommendResponse.decode(openFamily().reply(row, by)).items).toEqual([]);
});

test.each([
  ["user_id", bytesWith(2, [0xff, 0xfe])],
  ["history[1]", Uint8Array.of(...bytesWith(4, [0x69, 0x31]), ...bytesWith(4, [0xc3, 0x28]))],
])("%s that is no text is refused by name", (field, bytes) => {
  const error = openFamily().read(bytes);
  expect(error).toBeInstanceOf(ServingError);
  expect((error as ServingError).message).toContain(field);
});

function bytesWith(field: number, value: readonly number[]): Uint8Array {
  return Uint8Array.of((field << 3) | 2, value.length, ...value);
}
