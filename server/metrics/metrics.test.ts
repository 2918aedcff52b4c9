import { connect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createPuppet } from "../../backends/puppet.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { openChannel, startServer } from "../../transport/open.ts";
import type { Method, UnaryMethod } from "../../transport/transport.ts";
import type { LoadedVersion } from "../model-version.ts";
import { createMetrics } from "./metrics.ts";
import { startMetricsServer } from "./metrics-server.ts";

/** Sample lines of one series, by what stands before the value. */
function samples(text: string, name: string): Record<string, number> {
  const lines = text.split("\n").filter((line) => line.startsWith(name));
  return Object.fromEntries(
    lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.replace(/.* /, ""))]),
  );
}

const unary = (path: string, handle: UnaryMethod["handle"]): Method => ({
  kind: "unary",
  path,
  handle,
});

async function openInstrumented(methods: readonly Method[]) {
  const metrics = createMetrics();
  const server = await startServer(methods, {
    maxMessageBytes: 1_000,
    onCall: metrics.observeCalls(methods),
  });
  const channel = openChannel(server.address);
  return {
    metrics,
    channel,
    handled: async () => samples(await metrics.render(), "grpc_server_handled_total"),
    async [Symbol.asyncDispose]() {
      channel.close();
      await server.close(1_000);
    },
  };
}

const handledAs = (method: string, code: string, type = "unary") =>
  `grpc_server_handled_total{grpc_type="${type}",grpc_service="test.Service",grpc_method="${method}",grpc_code="${code}"}`;

test("calls are counted and timed under the names that gRPC dashboards expect", async () => {
  await using service = await openInstrumented([
    unary("/test.Service/Good", async (request) => request),
    unary("/test.Service/Bad", async () => {
      throw new ServingError("INVALID_ARGUMENT", "top_k is 0");
    }),
    unary("/test.Service/Broken", async () => {
      throw new TypeError("bug");
    }),
  ]);
  const { channel, metrics } = service;
  await channel.unary("/test.Service/Good", Buffer.alloc(0));
  await channel.unary("/test.Service/Good", Buffer.alloc(0));
  await channel.unary("/test.Service/Bad", Buffer.alloc(0)).catch(() => {});
  await channel.unary("/test.Service/Broken", Buffer.alloc(0)).catch(() => {});
  expect(await service.handled()).toMatchObject({
    [handledAs("Good", "OK")]: 2,
    [handledAs("Bad", "InvalidArgument")]: 1,
    [handledAs("Bad", "OK")]: 0,
    [handledAs("Broken", "Internal")]: 1,
  });
  const text = await metrics.render();
  const labels = 'grpc_type="unary",grpc_service="test.Service",grpc_method="Good"';
  expect(samples(text, "grpc_server_started_total")[`grpc_server_started_total{${labels}}`]).toBe(
    2,
  );
  const seconds = samples(text, "grpc_server_handling_seconds");
  expect(seconds[`grpc_server_handling_seconds_count{${labels}}`]).toBe(2);
  expect(Object.keys(seconds).join()).toContain('le="0.013"');
});

test("a call that was abandoned counts as what its caller saw", async () => {
  const controller = new AbortController();
  const slow = unary("/test.Service/Slow", async (request, { signal }) => {
    controller.abort();
    await once(signal, "abort");
    return request;
  });
  await using service = await openInstrumented([slow]);
  const { signal } = controller;
  const call = service.channel.unary("/test.Service/Slow", Buffer.alloc(0), { signal });
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect.poll(service.handled).toMatchObject({
    [handledAs("Slow", "OK")]: 0,
    [handledAs("Slow", "Canceled")]: 1,
  });
});

test("streams are counted at their end, also when the caller leaves", async () => {
  const endless: Method = {
    kind: "server_stream",
    path: "/test.Service/Endless",
    async *handle() {
      for (;;) yield Buffer.alloc(1);
    },
  };
  await using service = await openInstrumented([endless]);
  const requests = (async function* () {
    yield Buffer.alloc(0);
  })();
  for await (const _ of service.channel.stream("/test.Service/Endless", requests)) break;
  await expect.poll(service.handled).toMatchObject({
    [handledAs("Endless", "Canceled", "server_stream")]: 1,
  });
});

test("calls that never reach a handler are counted too, unknown methods as one", async () => {
  await using service = await openInstrumented([unary("/test.Service/Good", async (r) => r)]);
  const { channel } = service;
  for (const path of ["/test.Service/Nope", "/nope.Service/Good", "/test.Service/Nope2"])
    await channel.unary(path, Buffer.alloc(0)).catch(() => {});
  await channel.unary("/test.Service/Good", Buffer.alloc(1_001)).catch(() => {});
  const unknown = 'grpc_type="unknown",grpc_service="unknown",grpc_method="unknown"';
  const handled = await service.handled();
  expect(handled).toMatchObject({
    [`grpc_server_handled_total{${unknown},grpc_code="Unimplemented"}`]: 3,
    [handledAs("Good", "ResourceExhausted")]: 1,
    [handledAs("Good", "OK")]: 0,
  });
  expect(Object.keys(handled).join()).not.toContain("ope");
});

const loaded: LoadedVersion = {
  model: "music",
  version: "7",
  backend: createPuppet({ name: "cpu-qint8", model: "music", version: "7" }),
  info: {
    family: "two-tower",
    variant: "qint8",
    itemCount: 1_000,
    created: new Date("2025-01-31T00:00:00Z"),
    overlapAt10: 1,
    idType: "string" as const,
  },
};

test("a backend's work is measured by version, and its series end with it", async () => {
  const metrics = createMetrics();
  const { models } = metrics;
  const by = { model: "music", version: "7", backend: "cpu-qint8" };
  const meter = models.meterFor(by);
  models.loaded(loaded);
  meter.queued(4, 3);
  meter.ran(3, 12);
  meter.answered({ rows: 3, coldStarts: 1, unknownIds: 5 });
  meter.failed(Code.DEADLINE_EXCEEDED, 2);
  models.lost(by);
  const labels = 'model="music",version="7",backend="cpu-qint8"';
  const text = await metrics.render();
  const own = samples(text, "crossfade_");
  expect(own).toMatchObject({
    [`crossfade_queue_wait_seconds_sum{${labels}}`]: 0.004,
    [`crossfade_batch_rows_sum{${labels}}`]: 3,
    [`crossfade_run_seconds_sum{${labels}}`]: 0.012,
    [`crossfade_answers_total{${labels}}`]: 3,
    [`crossfade_cold_starts_total{${labels}}`]: 1,
    [`crossfade_unknown_ids_total{${labels}}`]: 5,
    [`crossfade_failures_total{${labels},code="DEADLINE_EXCEEDED"}`]: 2,
    [`crossfade_session_restarts_total{${labels}}`]: 1,
    [`crossfade_model_info{${labels},family="two-tower",variant="qint8"}`]: 1,
    [`crossfade_model_created_timestamp_seconds{${labels}}`]: 1_738_281_600,
    'crossfade_model_loads_total{result="ok"}': 1,
  });
  models.unloaded(loaded);
  expect(
    Object.keys(samples(await metrics.render(), "crossfade_")).filter((line) =>
      line.includes("music"),
    ),
  ).toEqual([]);
});

test("log lines that nobody got are counted", async () => {
  let lost = 0;
  const metrics = createMetrics({ lostLines: () => lost });
  const name = "crossfade_log_lines_lost_total";
  expect(samples(await metrics.render(), name)).toEqual({ [name]: 0 });
  lost = 7;
  expect(samples(await metrics.render(), name)).toEqual({ [name]: 7 });
});

test("the process is measured too", async () => {
  const text = await createMetrics().render();
  expect(
    samples(text, "process_resident_memory_bytes")["process_resident_memory_bytes"],
  ).toBeGreaterThan(1e6);
  expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
});

test("the metrics port tells metrics, life and readiness, and survives nonsense", async () => {
  let isReady = false;
  let text: string | Error = "up 1\n";
  await using server = await startMetricsServer({
    host: "127.0.0.1",
    port: 0,
    contentType: "text/plain; version=0.0.4",
    async render() {
      if (text instanceof Error) throw text;
      return text;
    },
    renderedForMs: 0,
    isReady: () => isReady,
  });
  const get = async (path: string, method = "GET") => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return [response.status, await response.text()];
  };
  expect(await get("/metrics?x=1")).toEqual([200, "up 1\n"]);
  expect(await get("/healthz")).toEqual([200, "ok\n"]);
  expect(await get("/readyz")).toEqual([503, "not ready\n"]);
  isReady = true;
  expect(await get("/readyz")).toEqual([200, "ready\n"]);
  expect((await get("/"))[0]).toBe(404);
  expect((await get("/metrics", "POST"))[0]).toBe(405);
  const rude = connect(server.port, "127.0.0.1");
  rude.end("\0\0\0 not http\r\n\r\n");
  rude.resume();
  await once(rude, "close");
  text = new Error("no metrics");
  expect((await get("/metrics"))[0]).toBe(500);
  expect((await get("/healthz"))[0]).toBe(200);
});

test("many who ask for metrics at once share one rendering", async () => {
  let rendered = 0;
  await using server = await startMetricsServer({
    host: "127.0.0.1",
    port: 0,
    contentType: "text/plain",
    renderedForMs: 60_000,
    render: async () => `rendered ${(rendered += 1)}\n`,
    isReady: () => true,
  });
  const get = async () => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  const pages = await Promise.all(Array.from({ length: 20 }, get));
  expect(new Set([...pages, await get()])).toEqual(new Set(["rendered 1\n"]));
});

test("a taken metrics port is refused by name", async () => {
  const options = {
    host: "127.0.0.1",
    contentType: "text/plain",
    render: async () => "",
    isReady: () => true,
  };
  await using first = await startMetricsServer({ ...options, port: 0 });
  const second = startMetricsServer({ ...options, port: first.port });
  await expect(second).rejects.toThrow(`127.0.0.1:${first.port}`);
});
