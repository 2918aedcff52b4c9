import { afterAll, beforeAll, expect, test } from "vitest";
import type { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

let folder: Folder;
/** The same model twice: ids as text, and as numbers. */
let texts: OpenServer;
let numbers: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/texts/playlists/1`);
  await buildSmallBundle(`${folder.path}/numbers/playlists/1`, "1", "int");
  texts = await openServer(["--models", `${folder.path}/texts`]);
  numbers = await openServer(["--models", `${folder.path}/numbers`]);
});

afterAll(async () => {
  await Promise.all([texts[Symbol.asyncDispose](), numbers[Symbol.asyncDispose]()]);
  await folder[Symbol.asyncDispose]();
});

async function post(server: OpenServer, path: string, body: unknown) {
  const response = await fetch(`http://127.0.0.1:${server.serving.httpPort}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const recommendPath = "/v1/models/playlists:recommend";
const batchPath = "/v1/models/playlists:batchRecommend";

test.each<[string, RequestFields]>([
  ["a known user", { userId: "u7" }],
  ["a newcomer", { history: ["p1", "p2"], excludeHistory: true, topK: 20 }],
  ["candidates, one unknown", { userId: "u7", candidates: ["p3", "p4", "lost", "p5"] }],
  ["nobody", {}],
])("%s: over HTTP as over gRPC, to the last bit of a score", async (_, fields) => {
  const { routed, ...response } = await recommend(texts.channel, fields);
  const { status, text } = await post(texts, recommendPath, fields);
  expect([status, routed]).toEqual([200, undefined]);
  expect(JSON.parse(text)).toEqual(response);
});

test("a batch over HTTP as over gRPC, the bad ones failing alone", async () => {
  const requests: RequestFields[] = [
    { userId: "u1" },
    { userId: "u2", topK: 5_000 },
    { userId: "nobody\0" },
    { userId: "u3", modelVersion: "99" },
    { userId: "u4", topK: 3 },
  ];
  const { status, text } = await post(texts, batchPath, { requests });
  expect(status).toBe(200);
  const { results } = JSON.parse(text) as { results: Record<string, unknown>[] };
  const expected = await batchRecommend(texts.channel, requests);
  expect(results).toEqual(
    expected.map((result) => {
      if (result!.$case === "status") return { status: result!.value };
      const { routed: _, ...response } = result!.value;
      return { response };
    }),
  );
  expect(results.map((one) => Object.keys(one)[0])).toEqual([
    "response",
    "status",
    "status",
    "status",
    "response",
  ]);
});

test("the origin's example: five playlists for a user nobody knows, as numbers", async () => {
  const path = "/api/playlist/recommend/";
  const { status, text } = await post(numbers, path, '{"user_ids":[22434]}');
  expect(status).toBe(200);
  expect(text).toMatch(/^\[\{"user_id":22434,"playlists":\[\d+(,\d+){4}\]\}\]$/);
});

test("many users by number: each as if alone", async () => {
  const path = "/api/playlist/recommend/";
  const users = Array.from({ length: 100 }, (_, i) => i * 7);
  const { text } = await post(numbers, path, { user_ids: users });
  const rows = JSON.parse(text) as { user_id: number; playlists: number[] }[];
  expect(rows.map((row) => row.user_id)).toEqual(users);
  const alone = await post(numbers, path, { user_ids: [users[42]] });
  expect(JSON.parse(alone.text)).toEqual([rows[42]]);
  expect(new Set(rows.map(({ playlists }) => String(playlists))).size).toBeGreaterThan(50);
});

test("numbers are the same model as text", async () => {
  const fields = { userId: 7, history: [1, 2], candidates: [3, 4, 5, 999_999], topK: 3 };
  const { text } = await post(numbers, recommendPath, fields);
  const asText = await recommend(texts.channel, {
    userId: "u7",
    history: ["p1", "p2"],
    candidates: ["p3", "p4", "p5"],
    topK: 3,
  });
  const { items, served } = JSON.parse(text) as RecommendResponse;
  expect(items).toEqual(asText.items.map((item) => ({ ...item, id: Number(item.id.slice(1)) })));
  expect(served!.unknownIds).toEqual([999_999]);
});

test("text where numbers are the rule is an id like another; numbers where text is the rule are not", async () => {
  const { status, text } = await post(numbers, recommendPath, { userId: "7", history: ["lost"] });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ served: { coldStart: false, unknownIds: ["lost"] } });
  const refused = await post(texts, recommendPath, { userId: 7 });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("userId: expected a string, got 7");
});

test("a user whose id is none fails alone among playlists", async () => {
  const path = "/api/playlist/recommend/";
  const { status, text } = await post(texts, path, { user_ids: ["u1", "u\0"] });
  expect(status).toBe(200);
  const [first, second] = JSON.parse(text) as object[];
  expect(first).toEqual({ user_id: "u1", playlists: expect.any(Array) });
  expect(second).toEqual({
    user_id: "u\0",
    playlists: [],
    error: {
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("NUL"),
      requestId: expect.any(String),
    },
  });
});

test.each([
  ["/v1/models/films:recommend", {}, 404, "NOT_FOUND"],
  ["/v1/models/playlists/versions/99:recommend", {}, 400, "FAILED_PRECONDITION"],
  [recommendPath, { topK: 0 }, 400, "INVALID_ARGUMENT"],
  [recommendPath, { topK: 1_001 }, 400, "INVALID_ARGUMENT"],
  [recommendPath, { history: [""] }, 400, "INVALID_ARGUMENT"],
  ["/feedback", {}, 501, "UNIMPLEMENTED"],
  ["/feedbacks", {}, 404, "NOT_FOUND"],
])("%s %o", async (...[path, body, status, code]) => {
  const got = await post(texts, path, body);
  expect(got.status).toBe(status);
  expect(JSON.parse(got.text)).toMatchObject({ error: { code } });
  expect(Code).toHaveProperty(code);
});

test("what is held, and what was measured", async () => {
  const models = await fetch(`http://127.0.0.1:${numbers.serving.httpPort}/v1/models`);
  expect(await models.json()).toMatchObject({
    models: [{ model: "playlists", version: "1", idType: "int", itemCount: "500", ready: true }],
  });
  await post(numbers, recommendPath, { userId: 7 });
  const metrics = await fetch(`http://127.0.0.1:${numbers.serving.metricsPort}/metrics`);
  const text = await metrics.text();
  const by = 'route="/v1/models/{model}:recommend",method="POST"';
  expect(text).toMatch(
    new RegExp(`http_server_requests_total\\{${by.replaceAll(/[{}]/g, "\\$&")},code="200"\\} \\d`),
  );
  expect(text).toContain(`http_server_request_duration_seconds_count{${by}}`);
});
