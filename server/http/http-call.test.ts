import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { errorOf, openGateway, recommendPath } from "./gateway.fixture.ts";

test("request ids are taken, cleaned, cut, or made", async () => {
  await using gateway = await openGateway();
  const idFor = async (id: string) => {
    const { headers } = await gateway.post(recommendPath, {}, { "x-request-id": id });
    return headers.get("x-request-id");
  };
  expect(await idFor("a1-b2.c3")).toBe("a1-b2.c3");
  expect(await idFor('a"b <script>\t')).toBe("abscript");
  expect(await idFor("x".repeat(500))).toBe("x".repeat(128));
  expect(await idFor('"')).toMatch(/^[0-9a-f-]{36}$/);
});

test("timeouts become deadlines, the shorter one counts", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const deadlineFor = async (headers: Record<string, string>) => {
    const sentMs = performance.now();
    const reply = gateway.post(recommendPath, {}, headers);
    await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
    const remainingMs = gateway.puppet.waiting[0]![0]!.call.deadlineMs - sentMs;
    gateway.puppet.answerNext();
    await reply;
    return Math.floor(remainingMs / 10_000) * 10_000;
  };
  expect(await deadlineFor({})).toBe(20_000);
  expect(await deadlineFor({ "x-crossfade-timeout-ms": "30000" })).toBe(30_000);
  expect(await deadlineFor({ "grpc-timeout": "1M" })).toBe(60_000);
  const both = { "grpc-timeout": "1H", "x-crossfade-timeout-ms": "90000" };
  expect(await deadlineFor(both)).toBe(90_000);
});

test.each([
  { "x-crossfade-timeout-ms": "soon" },
  { "x-crossfade-timeout-ms": "-1" },
  { "x-crossfade-timeout-ms": "123456789" },
  { "grpc-timeout": "5" },
  { "grpc-timeout": "5x" },
])("the timeout %o is refused", async (headers) => {
  await using gateway = await openGateway();
  const got = await gateway.post(recommendPath, {}, headers);
  expect([got.status, got.json]).toEqual([
    400,
    errorOf("INVALID_ARGUMENT", expect.stringContaining(Object.keys(headers)[0]!)),
  ]);
});

test("a deadline that passes is 504", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const late = await gateway.post(recommendPath, {}, { "x-crossfade-timeout-ms": "30" });
  expect(late.status).toBe(504);
  const past = await gateway.post(recommendPath, {}, { "x-crossfade-timeout-ms": "0" });
  expect([past.status, past.json]).toEqual([504, errorOf("DEADLINE_EXCEEDED")]);
});

test("what is passed on as metadata", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const headers = {
    traceparent: "00-1-2-01",
    "x-crossfade-arm": "canary",
    "x-crossfade-timeout-ms": "20000",
    "x-request-id": "r-9",
    authorization: "Bearer t",
    cookie: "secret=1",
  };
  const reply = gateway.post(recommendPath, {}, headers);
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  expect(Object.fromEntries(gateway.puppet.waiting[0]![0]!.call.metadata)).toEqual({
    traceparent: "00-1-2-01",
    "x-crossfade-arm": "canary",
    "x-request-id": "r-9",
    authorization: "Bearer t",
  });
  gateway.puppet.answerNext();
  await reply;
});

test("a caller who goes away aborts his call", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const caller = new AbortController();
  const reply = fetch(gateway.url + recommendPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: caller.signal,
  }).catch(() => "gone");
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  const { signal } = gateway.puppet.waiting[0]![0]!.call;
  caller.abort();
  expect(await reply).toBe("gone");
  await expect.poll(() => signal.aborted).toBe(true);
  expect(signal.reason).toMatchObject({ code: Code.CANCELLED });
  await expect.poll(() => gateway.answered).toMatchObject([{ status: 499 }]);
});

test("an answered call is not aborted when its connection ends", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const reply = gateway.post(recommendPath, {}, { connection: "close" });
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  const { signal } = gateway.puppet.waiting[0]![0]!.call;
  gateway.puppet.answerNext();
  await reply;
  await gateway.server.close(20_000);
  expect(signal.aborted).toBe(false);
});
