import { afterAll, beforeAll, expect, test } from "vitest";
import { Code, type ServingError } from "../proto/serving-error.ts";
import type { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { recommend, type RequestFields } from "./calls.fixture.ts";
import { openRouter } from "./open-router.fixture.ts";
import { openServer, type OpenServer } from "./open-server.fixture.ts";

const bundle = new URL("../examples/bundles/tracks/1", import.meta.url).pathname;
let server: OpenServer;
/** Of the most popular, so that the model knows them. */
let known: readonly string[];
let itemCount: number;

beforeAll(async () => {
  server = await openServer([
    "--bundle",
    bundle,
    "--movie-model",
    "tracks",
    "--track-model",
    "tracks",
    "--max-top-k",
    "10000",
  ]);
  const { items } = await ask({ topK: 20 });
  known = items.map(({ id }) => id);
  itemCount = (await ask({ topK: 10_000, history: [known[0]!] })).items.length;
});

afterAll(() => server[Symbol.asyncDispose]());

const ask = (fields: RequestFields) => recommend(server.channel, { model: "tracks", ...fields });
const idsOf = ({ items }: RecommendResponse) => items.map(({ id }) => id);

/** As long as was asked for, best first, nothing twice, every score a number. */
function expectWellFormed({ items }: RecommendResponse, length: number): void {
  const scores = items.map(({ score }) => score);
  expect(items).toHaveLength(length);
  expect(scores.every(Number.isFinite)).toBe(true);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
}

test("ids that nobody knows are skipped and counted, wherever they stand", async () => {
  const [a, b] = known as [string, string];
  const plain = await ask({ history: [a, b] });
  const dirty = await ask({ history: ["lost", a, "-1", "0", b, "999999999999999999999", "ü"] });
  expect(dirty.items).toEqual(plain.items);
  expect(dirty.served).toMatchObject({
    unknownCount: 5,
    unknownIds: ["lost", "-1", "0", "999999999999999999999", "ü"],
    degraded: "",
  });
});

test("numbers that the network uses inside are ids like others: negative, padding, behind the end", async () => {
  const plain = await ask({ history: [known[0]!] });
  for (const id of ["-1", String(itemCount), String(itemCount + 1), `t${10 ** 9}`, "NaN", " "]) {
    const reply = await ask({ history: [id, known[0]!, id] });
    expect(reply.items, id).toEqual(plain.items);
    expect(reply.served!.unknownCount, id).toBe(2);
  }
});

test("only unknown ids are no sequence: what is popular, marked as such", async () => {
  const nobody = await ask({});
  const lost = await ask({ history: ["lost", "-1"], userId: "nobody" });
  expect(lost.items).toEqual(nobody.items);
  expect(lost.served).toMatchObject({ coldStart: true, unknownCount: 2 });
  expectWellFormed(lost, 10);
});

test("the same item again and again is a sequence, and excluded once", async () => {
  const [a] = known as [string];
  const history = Array.from({ length: 500 }, () => a);
  expectWellFormed(await ask({ history }), 10);
  const reply = await ask({ history, excludeHistory: true, topK: itemCount });
  expectWellFormed(reply, itemCount - 1);
  expect(idsOf(reply)).not.toContain(a);
});

test("10,000 items: the newest speak, all of them are excluded; one more is refused", async () => {
  const long = Array.from({ length: 10_000 }, (_, i) => known[i % 7]!);
  const reply = await ask({ history: long, excludeHistory: true });
  expect((await ask({ history: long })).items).toEqual(
    (await ask({ history: long.slice(-1_000) })).items,
  );
  expect(idsOf(reply).filter((id) => long.includes(id))).toEqual([]);
  // Only its first item is not among the newest.
  const old = [known[8]!, ...long.slice(1)];
  const exact = await ask({ history: old, excludeHistory: true, topK: itemCount });
  expect(idsOf(exact)).not.toContain(known[8]);
  expectWellFormed(exact, itemCount - 8);
  const refused = ask({ history: [...long, known[0]!] });
  await expect(refused).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringContaining("history has more than 10000"),
  } satisfies Partial<Record<keyof ServingError, unknown>>);
});

test("top_k beyond the catalogue gives all there is; 0, -1 and what is over the cap are refused", async () => {
  expectWellFormed(await ask({ history: [known[0]!], topK: 10_000 }), itemCount);
  for (const topK of [0, -1, 10_001])
    await expect(ask({ history: [known[0]!], topK }), String(topK)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      message: `top_k is ${topK}; it must be between 1 and 10000`,
    });
});

test("candidates that are not there are counted; those that are there twice are ranked once", async () => {
  const [a, b, c] = known as [string, string, string];
  const plain = await ask({ history: [a], candidates: [b, c] });
  const dirty = await ask({ history: [a], candidates: [c, "lost", b, b, "-1", c] });
  expect(dirty.items).toEqual(plain.items);
  expect(dirty.served).toMatchObject({ unknownCount: 2, unknownIds: ["lost", "-1"] });
  const none = await ask({ history: [a], candidates: ["lost", "gone"] });
  expect([none.items, none.served!.unknownCount]).toEqual([[], 2]);
  const excluded = await ask({
    history: [a],
    candidates: [a, b],
    exclude: [b],
    excludeHistory: true,
  });
  expect(excluded.items).toEqual([]);
});

test.each<[string, RequestFields, string]>([
  ["an empty id in history", { history: ["t1", ""] }, "history[1]"],
  ["NUL in history", { history: ["t1\0"] }, "history[0]"],
  ["NUL among candidates", { candidates: ["t1", "t2\0"] }, "candidates[1]"],
  ["NUL in the user", { userId: "u\0" }, "user_id"],
  ["names, which it does not know", { history: ["t1"], tracks: [{ title: "So" }] }, "tracks has 1"],
])("%s is refused by its place", async (_, fields, place) => {
  await expect(ask(fields)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringContaining(place),
  });
});

async function post(body: unknown, port = server.serving.httpPort) {
  const response = await fetch(`http://127.0.0.1:${port}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

test("the movie route over a real model: as gRPC, without what was watched", async () => {
  const [a, b] = known as [string, string];
  const { status, json } = await post({ user_id: "u1", sequence: [a, "lost", b], top_k: 3 });
  const reply = await ask({ userId: "u1", history: [a, b], excludeHistory: true, topK: 3 });
  expect([status, json]).toEqual([200, { top_items: idsOf(reply) }]);
  expect(await post({ sequence: [a], top_k: 0 })).toMatchObject({
    status: 400,
    json: { error: { message: "top_k is 0; it must be between 1 and 10000" } },
  });
  expect(await post({ sequence: [a, ""] })).toMatchObject({
    status: 400,
    json: { error: { message: expect.stringMatching(/^sequence\[1\]/) } },
  });
});

test("tracks sent to a model that knows no names are refused, and the answer says what to send", async () => {
  expect(await post({ tracks: [{ track_name: "So" }, { artist_name: "What" }] })).toMatchObject({
    status: 400,
    json: {
      error: {
        code: "INVALID_ARGUMENT",
        message:
          "tracks has 2 elements, and models of the family sequence know no names; send ids of items in sequence, or ask a model of the family cold-start",
      },
    },
  });
});

test("the movie route of a router says what the server's says", async () => {
  const servers = ["--servers", server.serving.address];
  await using router = await openRouter([...servers, "--movie-model", "tracks"]);
  const body = { user_id: "u1", sequence: known.slice(0, 3), top_k: 3 };
  const here = await post(body);
  expect(here).toMatchObject({ status: 200, json: { top_items: { length: 3 } } });
  expect(await post(body, router.routes.httpPort)).toEqual(here);
  expect(await post({ sequence: ["a", ""] }, router.routes.httpPort)).toMatchObject({
    status: 400,
    json: { error: { message: expect.stringMatching(/^sequence\[1\]/) } },
  });
});
