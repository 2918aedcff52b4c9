import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { RunProgress } from "../run-progress.ts";
import { readResult, saveResult } from "../saved-result.ts";
import { openLocalRun } from "./local-run.ts";
import { run } from "./run.ts";
import { openTestServer, planFor, reply } from "./test-server.fixture.ts";

/* Real threads, sockets and time; what they measure is not looked at here. */

function never(): Promise<Uint8Array> {
  return new Promise(() => {});
}

test("what workers find together is what the server saw", async () => {
  await using server = await openTestServer();
  const result = await run(planFor(server, { workers: 2, warmUpMs: 200 }));
  expect(result.counts).toMatchObject({ due: 100, sent: 100, ok: 100, failed: 0, unfinished: 0 });
  expect(result.latency.count).toBe(100);
  expect(result.arms["stable"]?.answers).toBe(100);
  expect(server.calls).toHaveLength(100 + 40);
  expect(result.about).toMatchObject({ loop: "open", workers: 2, transport: "grpc" });
  expect(result.generator.cpuMs).toBeGreaterThan(0);
  expect(result.generator.generators).toHaveLength(1);
  expect(result.ended).toBeUndefined();
});

test("a saved result comes back as it was", async () => {
  await using server = await openTestServer();
  const result = await run(planFor(server));
  const text = saveResult(result);
  expect(saveResult(readResult(text))).toBe(text);
  expect(readResult(text).latency.at(0.99)).toBe(result.latency.at(0.99));
  expect(() => readResult('{"p99": 3}')).toThrow("no saved result of format 1");
  expect(() => readResult("p99")).toThrow("this is no saved result");
});

test("a closed loop", async () => {
  await using server = await openTestServer();
  const schedule = { kind: "closed", streams: 8, forMs: 60_000, calls: 500 } as const;
  const result = await run(planFor(server, { schedule, workers: 2 }));
  expect(result.about.loop).toBe("closed");
  expect(result.counts).toMatchObject({ sent: 500, ok: 500 });
  expect(result.lag.count).toBe(0);
});

test("over HTTP, with answers from the gateway's JSON", async () => {
  const body = JSON.stringify({
    items: [],
    served: { backend: "cpu", degraded: "" },
    routed: { arm: "canary" },
  });
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.end(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await using grpc = await openTestServer();
    const plan = planFor(grpc, { connections: 10, streamsPerConnection: 1 });
    const call = { transport: "http", method: "POST", path: "/v1/models/m:recommend" } as const;
    const { port } = server.address() as AddressInfo;
    const result = await run({
      ...plan,
      targets: [`127.0.0.1:${port}`],
      workload: { ...plan.workload, call },
    });
    expect(result.counts).toMatchObject({ ok: 100, failed: 0 });
    expect(result.arms["canary"]?.answers).toBe(100);
    expect(result.about.method).toBe("POST /v1/models/m:recommend");
  } finally {
    server.close();
  }
});

test("interrupted, it ends at once with what it has, and tells of itself until then", async () => {
  await using server = await openTestServer();
  const interrupt = new AbortController();
  const told: RunProgress[] = [];
  const result = await run(
    planFor(server, { schedule: { kind: "constant", perSecond: 100, forMs: 60_000 }, workers: 2 }),
    {
      signal: interrupt.signal,
      onProgress(progress) {
        told.push(progress);
        if (progress.ok > 20) interrupt.abort();
      },
    },
  );
  expect(result.ended).toMatchObject({
    by: "interrupt",
    because: expect.stringMatching(/^it was interrupted after .* of 1 min 00 s$/),
  });
  expect(result.invalid.map(({ rule }) => rule)).toContain("partial");
  expect(result.counts.ok).toBeGreaterThan(20);
  expect(result.counts.due).toBeLessThan(3_000);
  expect(told.at(-1)!.leftMs).toBeGreaterThan(50_000);
  expect(told.reduce((sum, { latency }) => sum + latency.count, 0)).toBe(told.at(-1)!.ok);
});

test("when nothing is answered any more it ends early, and that is the target's failure", async () => {
  let answers = 0;
  await using server = await openTestServer(() =>
    ++answers > 20 ? never() : Promise.resolve(reply),
  );
  const schedule = { kind: "constant", perSecond: 100, forMs: 60_000 } as const;
  const result = await run(planFor(server, { schedule, maxSilenceMs: 500, deadlineMs: 60_000 }));
  expect(result.ended).toMatchObject({
    by: "silence",
    because: expect.stringMatching(/^nothing was answered for /),
  });
  expect(result.counts.ok).toBe(20);
  expect(result.counts.unfinished).toBeGreaterThan(0);
  expect(result.invalid.map(({ rule }) => rule)).not.toContain("partial");
});

test("a target that dies fails its calls; one that comes back is called again", async () => {
  const first = await openTestServer();
  const schedule = { kind: "constant", perSecond: 100, forMs: 1_500 } as const;
  const running = run(planFor(first, { schedule }));
  await expect.poll(() => first.calls.length, { timeout: 20_000 }).toBeGreaterThan(20);
  await first.close();
  await using second = await openTestServer(undefined, first.port);
  const result = await running;
  expect(second.calls.length).toBeGreaterThan(20);
  const { ok, lost, due } = result.counts;
  expect([ok + lost, due]).toEqual([150, 150]);
  expect(result.codes).toEqual({ OK: ok, ...(lost > 0 && { UNAVAILABLE: lost }) });
});

test("a worker that dies makes the run partial, with what the others found", async () => {
  await using server = await openTestServer();
  const plan = planFor(server, {
    schedule: { kind: "constant", perSecond: 100, forMs: 60_000 },
    workers: 2,
  });
  // What no checked plan has: the second worker comes to a request that there is not.
  const order = Uint32Array.from({ length: 1_000 }, (_, call) => (call === 51 ? 99 : 0));
  const workload = { ...plan.workload, order };
  const local = await openLocalRun({ plan: { ...plan, workload }, share: { index: 0, of: 1 } });
  local.start(performance.timeOrigin + performance.now());
  const report = await local.report;
  await local.close();
  expect(report.ended).toMatchObject({
    by: "lost-worker",
    because: expect.stringMatching(/^worker 2 of 2 died: /),
  });
  expect(report.part.counts.sent).toBeGreaterThan(20);
});

test("a target that cannot be reached is said at once", async () => {
  const server = await openTestServer();
  await server.close();
  const refused: unknown = await run(planFor(server, { workers: 2 })).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(ServingError);
  expect(refused).toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining(`${server.address} cannot be reached`),
  });
});

test("a plan that cannot be is refused with all that is wrong with it", async () => {
  await using server = await openTestServer();
  const plan = planFor(server, {
    connections: 0,
    deadlineMs: 90_000,
    workers: 1.5,
    schedule: { kind: "steps", steps: [{ perSecond: -1, forMs: 1_000 }] },
    workload: { ...planFor(server).workload, requests: [] },
  });
  const refused = (await run(plan).catch((error: unknown) => error)) as Error;
  expect(refused.message).toBe(`this run cannot be:
  - connections is 0: it must be from 1 to 10,000
  - workers is 1.5: it must be a whole number
  - deadlineMs is 90000: it must be from 1 to 60,000
  - connections is 0 for 1.5 workers: allow at least one for each
  - connections is 0 for 1 targets: allow at least one for each
  - schedule.steps[0].perSecond is -1: it must be from 0 to 1,000,000
  - workload.requests is empty: there is nothing to send`);
});
