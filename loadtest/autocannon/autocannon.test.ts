import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import autocannon, { type Result } from "autocannon";
import { expect, test } from "vitest";
import { createHistogram } from "../histogram/create-histogram.ts";
import { sampleResult } from "../sample-result.fixture.ts";
import { judge } from "../verdict/judge.ts";
import { verdictLines } from "../verdict/verdict-lines.ts";
import { findSuite, suiteNames } from "./find-suite.ts";
import { runSuite } from "./run-suite.ts";
import { assertSuite, type Suite, type SuiteRequest } from "./suite.ts";

async function openHttp(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    target: `127.0.0.1:${port}`,
    kill() {
      server.closeAllConnections();
      server.close();
    },
    async [Symbol.asyncDispose]() {
      this.kill();
      if (server.listening) await once(server, "close");
    },
  };
}

const after =
  (ms: number): RequestListener =>
  (_request, response) =>
    void setTimeout(() => response.end("{}"), ms);

test("why no rate is ever set through autocannon: a constant 50 ms server looks faster than it ever was", async () => {
  await using server = await openHttp(after(50));
  const took = createHistogram();
  const options = { connections: 10, overallRate: 100, duration: 2 };
  const { latency } = await new Promise<Result>((resolve, reject) => {
    const url = `http://${server.target}`;
    const instance = autocannon({ url, ...options }, (error: unknown, result) =>
      error ? reject(error) : resolve(result),
    );
    instance.on("response", (...told) => took.record(told[3]));
  });
  // What it tells of each reply, which is all that is read here, is true.
  expect(took.minMs).toBeGreaterThanOrEqual(49);
  // Half of them, it says in the end, were faster than the fastest.
  expect(latency.p50).toBeLessThan(took.minMs);
});

function suiteOf(requests: readonly SuiteRequest[]): Suite {
  return { summary: "a test", connections: 2, forMs: 500, requests: () => requests };
}

const common = { name: "test", model: "toy", seed: 1, warmUpMs: 100 };

test("replies become a result of a closed loop, which reports and gates read like any other", async () => {
  await using server = await openHttp((request, response) => {
    const answers: Readonly<Record<string, readonly [number, object]>> = {
      "/one": [200, { served: { backend: "cpu" }, routed: { arm: "canary" } }],
      "/gone": [404, { error: { code: "NOT_FOUND", message: "no model" } }],
    };
    const [status, body] = answers[request.url!] ?? [200, {}];
    setTimeout(() => response.writeHead(status).end(JSON.stringify(body)), 5);
  });
  const suite = suiteOf([
    { method: "POST", path: "/one", body: '{"userId":"u1"}', replies: "recommend" },
    { method: "GET", path: "/list" },
    { method: "GET", path: "/gone" },
  ]);
  const result = await runSuite({ ...common, suite, target: server.target });
  const { counts, about, arms, codes, messages, latency } = result;
  expect(about).toMatchObject({ loop: "closed", method: "POST /one, GET /list, GET /gone" });
  expect(counts.ok).toBe(latency.count);
  expect(counts.ok).toBeGreaterThan(counts.failed);
  expect(counts.sent).toBe(counts.ok + counts.failed);
  expect(codes).toEqual({ OK: counts.ok, NOT_FOUND: counts.failed });
  expect(messages).toEqual({ NOT_FOUND: "HTTP 404: no model" });
  expect(arms["canary"]!.answers).toBeGreaterThan(0);
  // In ms with fractions: whole ones would have few different values.
  expect(Array.from(latency.buckets()).some(([ms]) => ms % 1 > 0.1 && ms % 1 < 0.9)).toBe(true);
  const slo = { objectives: [] };
  expect(verdictLines(judge(slo, result), result)[0]).toContain("(closed loop, send-based)");
  expect(Object.keys(result).toSorted()).toEqual(Object.keys(sampleResult({})).toSorted());
});

test("a gateway that dies ends the run, and one that is not there is not tested", async () => {
  await using server = await openHttp(after(1));
  const suite = { ...suiteOf([{ method: "GET", path: "/" }]), forMs: 60_000 };
  const running = runSuite({
    ...common,
    suite,
    target: server.target,
    onProgress: () => server.kill(),
  });
  const { ended } = await running;
  expect(ended).toMatchObject({ by: "silence" });
  expect(ended!.because).toContain("1,000 connections in a row failed: connect ECONNREFUSED");
  await expect(runSuite({ ...common, suite, target: server.target })).rejects.toThrow(
    `${server.target} cannot be reached`,
  );
});

test("interrupted, it tells what it has", async () => {
  await using server = await openHttp(after(1));
  const suite = { ...suiteOf([{ method: "GET", path: "/" }]), forMs: 60_000 };
  const stop = new AbortController();
  const { ended, counts, invalid } = await runSuite({
    ...common,
    suite,
    target: server.target,
    signal: stop.signal,
    onProgress: ({ ok }) => ok > 0 && stop.abort(),
  });
  expect(ended?.by).toBe("interrupt");
  expect(counts.ok).toBeGreaterThan(0);
  expect(invalid.map(({ rule }) => rule)).toContain("partial");
});

test("suites are found by their files, and all of them are suites", async () => {
  expect(suiteNames()).toEqual(["maximum", "mixed", "smoke"]);
  for (const name of suiteNames()) {
    const { requests } = await findSuite(name);
    const made = requests({ model: "toy", seed: 1 });
    expect(made.length).toBeGreaterThan(0);
    expect(made).toEqual(requests({ model: "toy", seed: 1 }));
  }
  await expect(findSuite("maximun")).rejects.toThrow("did you mean maximum?");
  await expect(findSuite("../suite")).rejects.toThrow('there is no suite "../suite"');
});

test.each([
  [{ overallRate: 100 }, "overallRate: a suite has no rate"],
  [{ connectionRate: 1 }, "`crossfade loadtest run --http --rate` sends calls at a rate"],
  [{ conections: 3 }, "there is no conections; did you mean connections?"],
  [{ connections: 0 }, "connections must be a whole number from 1"],
  [{ requests: [] }, "requests must be a function"],
])("a suite with %j is refused", (wrong, message) => {
  expect(() => assertSuite("own", { ...suiteOf([]), ...wrong })).toThrow(message);
});
