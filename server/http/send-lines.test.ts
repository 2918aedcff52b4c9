import { once } from "node:events";
import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { errorOf } from "./gateway.fixture.ts";
import type { Failed } from "./gateway.ts";
import { startHttpServer } from "./http-server.ts";
import { refusal } from "./refusal.ts";
import type { Incoming, Route } from "./route.ts";

interface Opened extends AsyncDisposable {
  readonly url: string;
  readonly failures: readonly Failed[];
  readonly answered: readonly number[];
}

/** A port with one route, GET /lines. */
async function openLines(
  lines: (incoming: Incoming) => AsyncIterable<string>,
  refuse: () => ReturnType<typeof refusal> | undefined = () => undefined,
): Promise<Opened> {
  const route: Route = {
    method: "GET",
    template: "/lines",
    operation: {
      id: "lines",
      summary: "",
      replies: {},
      query: { count: { type: "integer" }, from: { type: "string" } },
    },
    handle: (incoming) => ({ lines: lines(incoming) }),
  };
  const failures: Failed[] = [];
  const answered: number[] = [];
  const server = await startHttpServer([route], {
    host: "127.0.0.1",
    port: 0,
    maxBodyBytes: 1_024,
    maxConnections: 10,
    requestTimeoutMs: 20_000,
    maxConnectionAgeMs: 300_000,
    meter: { answered: (_, status) => void answered.push(status) },
    onFailure: (failed) => void failures.push(failed),
    refuse,
  });
  return {
    url: `http://127.0.0.1:${server.port}/lines`,
    failures,
    answered,
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

async function* counted({ query }: Incoming) {
  for (let i = 0; i < Number(query["count"] ?? 3); i++) yield JSON.stringify({ i });
}

test("lines come one by one, as many as the query asks for", async () => {
  await using opened = await openLines(counted);
  const response = await fetch(`${opened.url}?count=2`, { headers: { "x-request-id": "r1" } });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/x-ndjson",
    "x-request-id": "r1",
  });
  expect(await response.text()).toBe('{"i":0}\n{"i":1}\n');
  expect(opened.answered).toEqual([200]);
});

test("no line at all, and more than a socket holds", async () => {
  await using opened = await openLines(async function* ({ query }) {
    for (let i = 0; i < Number(query["count"]); i++) yield "x".repeat(100_000);
  });
  expect(await (await fetch(`${opened.url}?count=0`)).text()).toBe("");
  const many = await (await fetch(`${opened.url}?count=100`)).text();
  expect(many).toHaveLength(100 * 100_001);
});

test("HEAD has the headers and no end to wait for", async () => {
  await using opened = await openLines(async function* ({ call }) {
    yield "1";
    await once(call.signal, "abort");
  });
  const response = await fetch(opened.url, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

test.each([
  ["?conut=2", "conut is not read here; there is count, from"],
  ["?count=1&count=2", "count is given twice"],
])("the query %s is refused", async (query, complaint) => {
  await using opened = await openLines(counted);
  const response = await fetch(opened.url + query);
  expect([response.status, await response.json()]).toEqual([
    400,
    errorOf("INVALID_ARGUMENT", expect.stringContaining(complaint)),
  ]);
});

test("what fails before the first line has a status; later it is the last line", async () => {
  const failure = new ServingError("UNAVAILABLE", "gone");
  await using opened = await openLines(async function* ({ query }) {
    if (query["count"] === "1") yield "1";
    throw failure;
  });
  const early = await fetch(opened.url);
  expect([early.status, await early.json()]).toEqual([503, errorOf("UNAVAILABLE", "gone")]);
  const [line, last] = (await (await fetch(`${opened.url}?count=1`)).text()).split("\n");
  expect([line, JSON.parse(last!)]).toEqual(["1", errorOf("UNAVAILABLE", "gone")]);
  expect(opened.failures.map(({ error, route }) => [error.code, route])).toEqual([
    [Code.UNAVAILABLE, "/lines"],
    [Code.UNAVAILABLE, "/lines"],
  ]);
});

test("a caller who goes away, or whose time is up, ends his lines", async () => {
  const reasons: unknown[] = [];
  await using opened = await openLines(async function* ({ call: { signal } }) {
    yield "1";
    if (!signal.aborted) await once(signal, "abort");
    reasons.push((signal.reason as ServingError).code);
  });
  const response = await fetch(opened.url);
  await response.body!.cancel();
  await expect.poll(() => reasons).toEqual([Code.CANCELLED]);
  const timeout = { "x-crossfade-timeout-ms": "20" };
  expect(await (await fetch(opened.url, { headers: timeout })).text()).toBe("1\n");
  expect(reasons).toEqual([Code.CANCELLED, Code.DEADLINE_EXCEEDED]);
});

test("a server can refuse whoever it likes, before anything else", async () => {
  await using opened = await openLines(counted, () => refusal(403, ["PERMISSION_DENIED", "no"]));
  const response = await fetch(`${opened.url}?conut=1`);
  expect([response.status, await response.json()]).toEqual([
    403,
    errorOf("PERMISSION_DENIED", "no"),
  ]);
});
