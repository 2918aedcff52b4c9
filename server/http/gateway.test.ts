import { expect, test } from "vitest";
import { Code, ServingError, type CodeName } from "../../proto/serving-error.ts";
import { errorOf, openGateway, recommendPath } from "./gateway.fixture.ts";

test("a user's recommendations, as proto3 maps them to JSON", async () => {
  await using gateway = await openGateway();
  const { status, headers, json } = await gateway.post(recommendPath, { userId: "ana" });
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/json");
  expect(json).toEqual({
    items: [{ score: 1, id: "ana", title: "", artist: "" }],
    served: {
      model: "playlists",
      modelVersion: "1",
      backend: "cpu-qint8",
      coldStart: false,
      degraded: "",
      unknownCount: 0,
      unknownIds: [],
    },
    recommendationId: "",
  });
});

test("every field of a request arrives, by either spelling", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const fields = {
    userId: "ana",
    history: ["p1", "p2"],
    tracks: [{ title: "So", artist: "What" }],
    candidates: ["p3"],
    exclude: ["p4"],
    excludeHistory: true,
    topK: 7,
  };
  const { topK: top_k, excludeHistory: exclude_history, userId: user_id, ...same } = fields;
  const path = "/v1/models/playlists/versions/1:recommend";
  for (const body of [fields, { ...same, user_id, exclude_history, top_k, model: "playlists" }]) {
    const reply = gateway.post(path, body);
    await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
    const [query] = gateway.puppet.waiting[0]!;
    expect(query!.request()).toEqual({ ...fields, model: "playlists", modelVersion: "1" });
    gateway.puppet.answerNext();
    expect((await reply).status).toBe(200);
  }
});

test("a batch: results in order, each a response or a status of its own", async () => {
  await using gateway = await openGateway();
  const requests = [{ userId: "ana" }, { userId: "b", modelVersion: "9" }, { userId: "cleo" }];
  const { status, json } = await gateway.post("/v1/models/playlists:batchRecommend", { requests });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    results: [
      { response: { items: [{ id: "ana" }] } },
      { status: { code: Code.FAILED_PRECONDITION, message: expect.stringContaining('"9"') } },
      { response: { items: [{ id: "cleo" }] } },
    ],
  });
});

test("models, one model, probes", async () => {
  await using gateway = await openGateway({ idType: "int" });
  const listed = { model: "playlists", ready: true, idType: "int", itemCount: "2000000" };
  expect((await gateway.get("/v1/models")).json).toMatchObject({
    models: [{ ...listed, created: "2025-01-31T12:00:00.000Z", overlapAt10: 0.998 }],
  });
  expect((await gateway.get("/v1/models/playlists")).json).toMatchObject({
    model: "playlists",
    ready: true,
    defaultVersion: "1",
    versions: [listed],
  });
  const none = await gateway.get("/v1/models/films");
  expect(none.status).toBe(404);
  expect(none.json).toEqual(errorOf("NOT_FOUND", expect.stringContaining('"films"')));
  expect(await gateway.get("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect(await gateway.get("/readyz")).toMatchObject({ status: 200, text: "ready\n" });
  gateway.puppet.setReady(false);
  expect(await gateway.get("/readyz")).toMatchObject({ status: 503, text: "not ready\n" });
});

const statuses: readonly (readonly [CodeName, number])[] = [
  ["INVALID_ARGUMENT", 400],
  ["FAILED_PRECONDITION", 400],
  ["OUT_OF_RANGE", 400],
  ["UNAUTHENTICATED", 401],
  ["PERMISSION_DENIED", 403],
  ["NOT_FOUND", 404],
  ["ALREADY_EXISTS", 409],
  ["ABORTED", 409],
  ["RESOURCE_EXHAUSTED", 429],
  ["CANCELLED", 499],
  ["INTERNAL", 500],
  ["UNKNOWN", 500],
  ["DATA_LOSS", 500],
  ["UNIMPLEMENTED", 501],
  ["UNAVAILABLE", 503],
  ["DEADLINE_EXCEEDED", 504],
];

test.each(statuses)("%s is %d, told to the caller and to the log", async (code, status) => {
  await using gateway = await openGateway();
  gateway.puppet.fail(new ServingError(code, "no luck"));
  const got = await gateway.post(recommendPath, {}, { "x-request-id": "r-1" });
  expect(got.status).toBe(status);
  expect(got.json).toEqual({ error: { code, message: "no luck", requestId: "r-1" } });
  expect(gateway.failures).toMatchObject([
    { error: { message: "no luck" }, route: "/v1/models/{model}:recommend", requestId: "r-1" },
  ]);
});

test("when to come back", async () => {
  await using gateway = await openGateway();
  const trailers = { "grpc-retry-pushback-ms": "1200" };
  gateway.puppet.fail(new ServingError("RESOURCE_EXHAUSTED", "full", { trailers }));
  const { headers } = await gateway.post(recommendPath, {});
  expect([headers.get("retry-after"), headers.get("retry-after-ms")]).toEqual(["2", "1200"]);
});

test.each([
  ["GET", "/nope", { status: 404, code: "NOT_FOUND", allow: null }],
  ["POST", "/feedbacks", { status: 404, code: "NOT_FOUND", allow: null }],
  ["POST", "/v1/models/playlists:rank", { status: 404, code: "NOT_FOUND", allow: null }],
  ["GET", recommendPath, { status: 405, code: "UNIMPLEMENTED", allow: "POST" }],
  ["DELETE", "/v1/models/playlists", { status: 405, code: "UNIMPLEMENTED", allow: "GET, HEAD" }],
  ["GET", "/v1/models?verbose=1", { status: 400, code: "INVALID_ARGUMENT", allow: null }],
  ["GET", "/v1/models/%zz", { status: 400, code: "INVALID_ARGUMENT", allow: null }],
  ["GET", "/v1/models/a%2Fb", { status: 404, code: "NOT_FOUND", allow: null }],
])("%s %s: %o", async (method, path, { status, code, allow }) => {
  await using gateway = await openGateway();
  const got = await gateway.get(path, { method });
  expect([got.status, got.headers.get("allow")]).toEqual([status, allow]);
  expect(got.json).toEqual(errorOf(code));
});

test("a path that is not there: told what is", async () => {
  await using gateway = await openGateway();
  const { text } = await gateway.post("/predictions", {});
  expect(text).toContain("POST /api/playlist/recommend/");
  expect(text).toContain("GET /openapi.json");
});

test("HEAD is GET without the body", async () => {
  await using gateway = await openGateway();
  const { status, text, headers } = await gateway.get("/v1/models", { method: "HEAD" });
  expect([status, text]).toEqual([200, ""]);
  expect(Number(headers.get("content-length"))).toBeGreaterThan(100);
});

test.each([
  ["text/plain", {}],
  ["application/x-www-form-urlencoded", {}],
  ["application/json; charset=latin1", {}],
  ["application/json", { "content-encoding": "gzip" }],
])("a body of %s %o is 415", async (type, headers) => {
  await using gateway = await openGateway();
  const got = await gateway.post(recommendPath, {}, { "content-type": type, ...headers });
  expect(got.status).toBe(415);
  expect(got.json).toEqual(errorOf("INVALID_ARGUMENT"));
});

test("routes and methods in metrics are ours", async () => {
  await using gateway = await openGateway();
  await gateway.post(recommendPath, { userId: "ana" });
  await gateway.get("/secret/ana", { method: "PUT" });
  await gateway.get("/v1/models/films");
  expect(gateway.answered).toEqual([
    { route: "/v1/models/{model}:recommend", method: "POST", status: 200 },
    { route: "none", method: "other", status: 404 },
    { route: "/v1/models/{model}", method: "GET", status: 404 },
  ]);
});
