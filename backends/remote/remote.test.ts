import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  BatchRecommendRequest,
  ListModelsResponse,
  type ModelVersion,
  RecommendRequest,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import {
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../proto/gen/grpc/health/v1/health.ts";
import { joinResults } from "../../proto/join-results.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { sliceBatch } from "../../proto/slice-batch.ts";
import type { Call } from "../../transport/call.ts";
import { startServer } from "../../transport/open.ts";
import type { Method, ServerOptions, UnaryMethod } from "../../transport/transport.ts";
import { callWith } from "../backend.contract.ts";
import type { Query } from "../backend.ts";
import { createQuery, createQueryReader, pinVersion } from "../query.ts";
import { createRemote, type RemoteOptions } from "./remote.ts";

interface Received {
  readonly method: string;
  readonly bytes: Uint8Array;
  readonly call: Call;
}

const service = "/crossfade.v1.RecommenderService";
const reply = Buffer.from([0x22, 0x01, 0x72]);

/** The server's side, as bytes: it holds "toy" in version 3, keeps what comes and answers as it is told. */
async function openScene(options: Partial<RemoteOptions> = {}, server: ServerOptions = {}) {
  const received: Received[] = [];
  const state = {
    versions: ["3"],
    /** What the remote said last that it holds. */
    held: undefined as string | undefined,
    answer: async (one: Received): Promise<Uint8Array> => answerTo(one),
  };
  const unary = (method: string): UnaryMethod => ({
    kind: "unary",
    path: `${service}/${method}`,
    handle(bytes, call) {
      const one = { method, bytes: bytes.slice(), call };
      received.push(one);
      return state.answer(one);
    },
  });
  const methods: Method[] = [
    unary("Recommend"),
    unary("BatchRecommend"),
    {
      kind: "unary",
      path: `${service}/ListModels`,
      async handle(_, { metadata }) {
        state.held = metadata.get("x-crossfade-holds");
        return listing(state.versions);
      },
    },
    { kind: "server_stream", path: "/grpc.health.v1.Health/Watch", handle: watch },
  ];
  const started = await startServer(methods, server);
  const remote = createRemote({ address: started.address, refreshMs: 20, ...options });
  await remote.looked;
  onTestFinished(async () => {
    await remote.close();
    await started.close(1_000);
  });
  return { received, state, server: started, remote };
}

async function* watch(_: unknown, { signal }: Call) {
  yield HealthCheckResponse.encode({ status: ServingStatus.SERVING }).finish();
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

function listing(versions: readonly string[]): Uint8Array {
  const models = versions.map((version): ModelVersion => ({
    ...ListModelsResponse.fromPartial({ models: [{}] }).models[0]!,
    model: "toy",
    version,
    ready: true,
  }));
  return ListModelsResponse.encode({ models }).finish();
}

function answerTo({ method, bytes }: Received): Uint8Array {
  if (method === "Recommend") return reply;
  return joinResults(BatchRecommendRequest.decode(bytes).requests.map(() => ({ bytes: reply })));
}

function queryFor(
  userId: string,
  call: Partial<Call> = {},
  fields: Partial<RecommendRequest> = {},
) {
  const request = RecommendRequest.fromPartial({ model: "toy", userId, ...fields });
  const names = { model: "toy", version: fields.modelVersion ?? "", user: Buffer.from(userId) };
  return createQuery(RecommendRequest.encode(request).finish(), callWith(call), names);
}

function requestsIn({ method, bytes }: Received): Uint8Array[] {
  if (method === "Recommend") return [bytes];
  const spans = sliceBatch(bytes, 1_000);
  return Array.from({ length: spans.length / 2 }, (_, i) =>
    bytes.subarray(spans[2 * i], spans[2 * i + 1]),
  );
}

const usersIn = (received: Received) =>
  requestsIn(received).map((bytes) => RecommendRequest.decode(bytes).userId);
const codes = async (answers: ReturnType<ReturnType<typeof createRemote>["answer"]>) =>
  (await answers).map((answer) => (answer instanceof ServingError ? answer.code : Code.OK));

test("one query leaves as it came; those of one turn leave together, in order", async () => {
  const { remote, received } = await openScene();
  const one = queryFor("ann");
  await remote.answer([one]);
  expect(Buffer.compare(received[0]!.bytes, one.bytes)).toBe(0);
  await Promise.all(["a", "b", "c"].map((user) => remote.answer([queryFor(user)])));
  expect(received.map(usersIn)).toEqual([["ann"], ["a", "b", "c"]]);
});

test("a message has at most 256 queries and about a megabyte", async () => {
  const { remote, received } = await openScene();
  await remote.answer(Array.from({ length: 600 }, (_, i) => queryFor(`u${i}`)));
  expect(received.map((one) => usersIn(one).length).toSorted((a, b) => b - a)).toEqual([
    256, 256, 88,
  ]);
  received.length = 0;
  const large = { history: ["x".repeat(400_000)] };
  await remote.answer(["a", "b", "c"].map((user) => queryFor(user, {}, large)));
  expect(new Set(received.map((one) => usersIn(one).join()))).toEqual(new Set(["a,b", "c"]));
});

test.each([
  ["pinned", "", "3"],
  ["named by the caller", "3", "3"],
  ["named by the caller and pinned to another", "1", "3"],
])("a version that is %s is said once", async (_, sent, pinned) => {
  const { remote, received } = await openScene();
  const fields = sent === "" ? {} : { modelVersion: sent };
  const queries = ["ann", "bob"].map((user) => pinVersion(queryFor(user, {}, fields), pinned));
  const before = queries.map(({ bytes }) => bytes.slice());
  await remote.answer(queries.slice(0, 1));
  await remote.answer(queries);
  // A reader that refuses a version which is there twice.
  const read = createQueryReader();
  const requests = received.flatMap(requestsIn).map((bytes) => read(bytes, callWith({})));
  expect(requests.map(({ user, version }) => [String(user), version])).toEqual(
    ["ann", "ann", "bob"].map((user) => [user, pinned]),
  );
  expect(queries.map(({ bytes }) => bytes)).toEqual(before);
});

test("a truncated request cannot swallow its pin", async () => {
  const { remote, received } = await openScene();
  const names = { model: "toy", version: "", user: new Uint8Array() };
  const truncated = createQuery(Buffer.from("0a03746f792203", "hex"), callWith({}), names);
  await remote.answer([pinVersion(truncated, "3")]);
  expect(() => RecommendRequest.decode(received[0]!.bytes)).toThrow();
});

const from = (traceparent: string): Partial<Call> => ({
  metadata: new Map([
    ["traceparent", traceparent],
    ["grpc-timeout", "1S"],
    ["user-agent", "caller/1"],
    ["te", "trailers"],
  ]),
});

test("metadata goes on, but for what concerns one connection; callers with different metadata share no message", async () => {
  const { remote, received } = await openScene();
  await Promise.all(["1", "2"].map((id) => remote.answer([queryFor("ann", from(id))])));
  const traces = received.map(({ call }) => call.metadata.get("traceparent"));
  expect(new Set(traces)).toEqual(new Set(["1", "2"]));
  expect(received[0]!.call.metadata.get("user-agent")).not.toContain("caller");
  expect(received[0]!.call.deadlineMs).toBe(Infinity);
});

test("the server gets the longest deadline less a margin; each query keeps its own", async () => {
  const { remote, received, state } = await openScene();
  state.answer = () => new Promise(() => {});
  const nowMs = performance.now();
  const answers = remote.answer([
    queryFor("ann", { deadlineMs: nowMs + 40 }),
    queryFor("bob", { deadlineMs: nowMs + 120 }),
  ]);
  expect(await codes(answers)).toEqual([Code.DEADLINE_EXCEEDED, Code.DEADLINE_EXCEEDED]);
  expect(received[0]!.call.deadlineMs).toBeLessThan(nowMs + 120);
  expect(received[0]!.call.deadlineMs).toBeGreaterThan(nowMs + 60);
});

test("the call is cancelled once nobody waits for any of its queries", async () => {
  const { remote, received, state } = await openScene();
  state.answer = () => new Promise(() => {});
  const callers = [new AbortController(), new AbortController()];
  const answers = remote.answer(callers.map(({ signal }, i) => queryFor(`u${i}`, { signal })));
  await expect.poll(() => received.length).toBe(1);
  const { signal } = received[0]!.call;
  callers[0]!.abort();
  expect(signal.aborted).toBe(false);
  callers[1]!.abort();
  expect(await codes(answers)).toEqual([Code.CANCELLED, Code.CANCELLED]);
  await expect.poll(() => signal.aborted).toBe(true);
});

test("a batch's failures come back each to its query, with when to come back", async () => {
  const { remote, state } = await openScene();
  const full = new ServingError("RESOURCE_EXHAUSTED", "full", {
    trailers: { "grpc-retry-pushback-ms": "30" },
  });
  state.answer = async () => joinResults([{ bytes: reply }, full]);
  const [fine, refused] = await remote.answer([queryFor("ann"), queryFor("bob")]);
  expect(fine).toMatchObject({ bytes: reply });
  expect(refused).toMatchObject({ code: full.code, trailers: full.trailers, isLost: false });
});

test("a server that answers too little is unavailable", async () => {
  const { remote, state } = await openScene();
  state.answer = async () => joinResults([{ bytes: reply }]);
  const answers = remote.answer([queryFor("ann"), queryFor("bob")]);
  expect(await codes(answers)).toEqual([Code.UNAVAILABLE, Code.UNAVAILABLE]);
});

test("versions are followed as they come and go", async () => {
  const { remote, state } = await openScene();
  expect(remote.isReady("toy", "3")).toBe(true);
  expect(remote.isReady("toy", "4")).toBe(false);
  state.versions = ["4"];
  await expect.poll(() => remote.isReady("toy", "4")).toBe(true);
  expect(remote.isReady("toy", "3")).toBe(false);
  state.versions = [];
  await expect.poll(() => remote.isReady("toy", "")).toBe(false);
});

test("a refused version is looked up at once, not at the next turn", async () => {
  const { remote, state } = await openScene({ refreshMs: 3_600_000 });
  state.versions = ["4"];
  state.answer = async () => {
    throw new ServingError("FAILED_PRECONDITION", "no version 3 here");
  };
  const pinned: Query = pinVersion(queryFor("ann"), "3");
  expect(await codes(remote.answer([pinned]))).toEqual([Code.FAILED_PRECONDITION]);
  await expect.poll(() => remote.isReady("toy", "4")).toBe(true);
});

test("a server that goes away is not ready, and lost; one that comes back is found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-remote-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const host = `unix:${join(folder, "server.sock")}`;
  const { remote, server } = await openScene({}, { host });
  expect(remote.isReady("toy", "3")).toBe(true);
  await server.close(0);
  await expect.poll(() => remote.isReady("toy", "")).toBe(false);
  expect(await remote.answer([queryFor("ann")])).toMatchObject([
    { code: Code.UNAVAILABLE, isLost: true },
  ]);
  const methods: Method[] = [
    { kind: "unary", path: `${service}/ListModels`, handle: async () => listing(["5"]) },
    { kind: "server_stream", path: "/grpc.health.v1.Health/Watch", handle: watch },
  ];
  const next = await startServer(methods, { host });
  await expect.poll(() => remote.isReady("toy", "5"), { timeout: 10_000 }).toBe(true);
  await remote.close();
  await next.close(1_000);
});

test("fewer than one connection is refused", () => {
  expect(() => createRemote({ address: "127.0.0.1:1", connections: 0 })).toThrow(
    "connections is 0",
  );
});

test("the server is told each time what is to stay loaded", async () => {
  let holds = [{ model: "toy", version: "2" }];
  const { state } = await openScene({ holds: () => holds });
  expect(state.held).toBe("toy@2");
  holds = [...holds, { model: "toy", version: "3" }];
  await expect.poll(() => state.held).toBe("toy@2,toy@3");
  holds = [];
  await expect.poll(() => state.held).toBeUndefined();
});

test("more than fits is told in turn", async () => {
  const holds = Array.from({ length: 500 }, (_, i) => ({ model: `model-${i}`, version: "1" }));
  const { state } = await openScene({ holds: () => holds });
  await expect.poll(() => state.held).toContain("model-0@1");
  await expect.poll(() => state.held).toContain("model-499@1");
});
