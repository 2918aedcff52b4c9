import { afterAll, beforeAll, expect, test } from "vitest";
import { Code, nameOf, type ServingError } from "../proto/serving-error.ts";
import { playlistId } from "../loadtest/world/create-world.ts";
import {
  batchRecommend,
  recommend,
  recommendPath,
  requestBytes,
  type RequestFields,
} from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/playlists/1`);
  server = await openServer(["--models", folder.path]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const many = (count: number) => Array.from({ length: count }, (_, i) => playlistId(i));
const field = (number: number, ...value: number[]) => [(number << 3) | 2, value.length, ...value];
const whole = [...requestBytes({ userId: "u1" })];

const refused: readonly (readonly [
  what: string,
  bytes: Uint8Array,
  status: string,
  says: string,
])[] = [
  ["unknown model", requestBytes({ model: "films" }), "NOT_FOUND", '"films"'],
  ["unknown version", requestBytes({ modelVersion: "99" }), "FAILED_PRECONDITION", '"99"'],
  ["empty request", new Uint8Array(), "INVALID_ARGUMENT", "model is required"],
  ["top_k 0", requestBytes({ topK: 0 }), "INVALID_ARGUMENT", "top_k is 0"],
  ["top_k -1", requestBytes({ topK: -1 }), "INVALID_ARGUMENT", "top_k is -1"],
  ["top_k 1,001", requestBytes({ topK: 1_001 }), "INVALID_ARGUMENT", "top_k is 1001"],
  [
    "history over the cap",
    requestBytes({ history: many(10_001) }),
    "INVALID_ARGUMENT",
    "history has more than 10000",
  ],
  [
    "exclude over the cap",
    requestBytes({ exclude: many(10_001) }),
    "INVALID_ARGUMENT",
    "exclude has more than 10000",
  ],
  ["NUL in an id", requestBytes({ history: ["p1\u0000"] }), "INVALID_ARGUMENT", "history[0]"],
  ["NUL in the model", requestBytes({ model: "playlists\u0000" }), "NOT_FOUND", "\\u0000"],
  [
    "history that is no text",
    Uint8Array.from([...whole, ...field(4, 0xff)]),
    "INVALID_ARGUMENT",
    "history[0]",
  ],
  [
    "user_id that is no text",
    Uint8Array.from([...requestBytes({}), ...field(2, 0xff)]),
    "INVALID_ARGUMENT",
    "user_id",
  ],
  ["model that is no text", Uint8Array.from(field(1, 0xc3, 0x28)), "INVALID_ARGUMENT", "model"],
  [
    "repeated user_id",
    Uint8Array.from([...whole, ...field(2, 0x75)]),
    "INVALID_ARGUMENT",
    "user_id",
  ],
  ["repeated model", Uint8Array.from([...whole, ...field(1, 0x75)]), "INVALID_ARGUMENT", "model"],
  [
    "truncated protobuf",
    Uint8Array.from(whole.slice(0, -1)),
    "INVALID_ARGUMENT",
    "RecommendRequest",
  ],
  [
    "a length of 2 GB",
    Uint8Array.from([0x22, 0xff, 0xff, 0xff, 0xff, 0x07]),
    "INVALID_ARGUMENT",
    "",
  ],
  ["a message over the cap", new Uint8Array(5 << 20), "RESOURCE_EXHAUSTED", "4194304"],
];

test.each(refused)("%s", async (...[, bytes, status, says]) => {
  const error = await server.channel.unary(recommendPath, bytes).then(
    () => expect.fail("it was answered"),
    (thrown: unknown) => thrown as ServingError,
  );
  expect([nameOf(error.code), error.message]).toEqual([status, expect.stringContaining(says)]);
  await expectServing();
});

const accepted: readonly (readonly [
  what: string,
  fields: RequestFields,
  unknown: readonly string[],
])[] = [
  [
    "unknown ids are skipped and named",
    { history: ["p1", "lost"], candidates: ["p2", "gone"] },
    ["lost", "gone"],
  ],
  ["repeated ids count once", { candidates: ["p3", "p3", "p4"], exclude: ["p4", "p4"] }, []],
  [
    "history at the cap",
    { history: Array.from({ length: 10_000 }, (_, i) => playlistId(i % 500)) },
    [],
  ],
  ["top_k at the cap", { userId: "u1", topK: 1_000 }, []],
];

test.each(accepted)("%s", async (_, fields, unknown) => {
  const { items, served } = await recommend(server.channel, fields);
  expect(served!.unknownIds).toEqual(unknown);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  expect(items.length).toBeGreaterThan(0);
});

test("one bad request of a batch fails alone", async () => {
  const results = await batchRecommend(server.channel, [
    { userId: "u1" },
    { userId: "u1", topK: 5_000 },
    { userId: "u2", model: "films" },
    { userId: "u2" },
  ]);
  const codes = results.map((result) =>
    result!.$case === "status" ? result!.value.code : Code.OK,
  );
  expect(codes).toEqual([Code.OK, Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.OK]);
});

test("a batch over its cap is refused as a whole", async () => {
  const results = batchRecommend(
    server.channel,
    Array.from({ length: 1_001 }, () => ({ userId: "u1" })),
  );
  await expect(results).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  await expectServing();
});

test("a deadline that is already past", async () => {
  const late = server.channel.unary(recommendPath, requestBytes({ userId: "u1" }), {
    deadlineMs: performance.now() - 5,
  });
  await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  await expectServing();
});

test("a client that cancels", async () => {
  const cancel = new AbortController();
  const requests = Array.from({ length: 1_000 }, () => ({ userId: "u1" }));
  const call = batchRecommend(
    {
      ...server.channel,
      unary: (path, bytes) => server.channel.unary(path, bytes, { signal: cancel.signal }),
    },
    requests,
  );
  cancel.abort();
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  await expectServing();
});

test("a method that does not exist, and one that has nothing behind it", async () => {
  const guess = server.channel.unary("/crossfade.v1.RecommenderService/Recomend", new Uint8Array());
  await expect(guess).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
  const feedback = server.channel.unary(
    "/crossfade.v1.RecommenderService/RecordFeedback",
    new Uint8Array(),
  );
  await expect(feedback).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
});

async function expectServing(): Promise<void> {
  const { items } = await recommend(server.channel, { userId: "u1" });
  expect(items).toHaveLength(10);
}
