import { expect, test } from "vitest";
import { createHost } from "../backends/host.ts";
import { createPuppet } from "../backends/puppet.ts";
import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  ListModelsRequest,
  ListModelsResponse,
  RecommendRequest,
  RecommendResponse,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import { openChannel, startServer } from "../transport/open.ts";
import type { CallOptions } from "../transport/transport.ts";
import { recommenderService, type RecommenderOptions } from "./recommender-service.ts";

const path = (method: string) => `/crossfade.v1.RecommenderService/${method}`;

/** A service over two puppets, "music" and "films", that answer at once with the user as their item. */
async function open(options: Partial<RecommenderOptions> = {}) {
  const music = createPuppet({ model: "music", version: "2" });
  const films = createPuppet({ model: "films", version: "1" });
  const host = createHost();
  for (const [model, version, backend] of [
    ["music", "2", music],
    ["films", "1", films],
  ] as const) {
    backend.perform();
    await host.add({ model, version, backend });
  }
  const methods = recommenderService(host, { listModels: () => [], ...options });
  const server = await startServer(methods);
  const channel = openChannel(server.address);
  return {
    music,
    films,
    call: (method: string, request: Uint8Array, options: CallOptions = {}) =>
      channel.unary(path(method), request, options),
    async [Symbol.asyncDispose]() {
      channel.close();
      await server.close(1_000);
      await host.close();
    },
  };
}

const request = (fields: Parameters<typeof RecommendRequest.fromPartial>[0]) =>
  RecommendRequest.encode(RecommendRequest.fromPartial(fields)).finish();

/** A BatchRecommendRequest of encoded requests, whether or not they are valid. */
const batchOf = (requests: readonly Uint8Array[]) =>
  Buffer.concat(
    requests.map((bytes) => {
      const length =
        bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
      return Buffer.concat([Buffer.from([0x0a, ...length]), bytes]);
    }),
  );

const users = (bytes: Uint8Array) =>
  BatchRecommendResponse.decode(bytes).results.map(({ result }) =>
    result?.$case === "response" ? result.value.items[0]!.id : result?.value.code,
  );

test("Recommend answers with what the backend said", async () => {
  await using service = await open();
  const reply = await service.call("Recommend", request({ model: "music", userId: "ana" }));
  const { items, served } = RecommendResponse.decode(reply);
  expect(items[0]!.id).toBe("ana");
  expect(served).toMatchObject({ model: "music", modelVersion: "2", backend: "puppet" });
});

interface Refusal {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly code: Code;
  readonly says: string;
}

const refusals: readonly Refusal[] = [
  {
    what: "nothing at all",
    bytes: Buffer.alloc(0),
    code: Code.INVALID_ARGUMENT,
    says: "model is required",
  },
  {
    what: "an unknown model",
    bytes: request({ model: "books" }),
    code: Code.NOT_FOUND,
    says: '"books"',
  },
  {
    what: "a version that is not here",
    bytes: request({ model: "music", modelVersion: "7" }),
    code: Code.FAILED_PRECONDITION,
    says: '"7"',
  },
  {
    what: "a truncated message",
    bytes: request({ model: "music", userId: "ana" }).subarray(0, -1),
    code: Code.INVALID_ARGUMENT,
    says: "RecommendRequest",
  },
  {
    what: "two user ids",
    bytes: Buffer.concat([request({ model: "music", userId: "a" }), request({ userId: "b" })]),
    code: Code.INVALID_ARGUMENT,
    says: "user_id",
  },
  {
    what: "invalid UTF-8 in the model",
    bytes: Buffer.from([0x0a, 0x02, 0xff, 0xfe]),
    code: Code.INVALID_ARGUMENT,
    says: "model",
  },
  {
    what: "a NUL in the model",
    bytes: request({ model: "mu\0sic" }),
    code: Code.NOT_FOUND,
    says: "music",
  },
];

test.each(refusals)("$what is refused and the service goes on", async ({ bytes, code, says }) => {
  await using service = await open();
  await expect(service.call("Recommend", bytes)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(says),
  });
  await service.call("Recommend", request({ model: "music", userId: "ana" }));
});

test("a batch keeps its order, whatever the models, and one bad user fails alone", async () => {
  await using service = await open();
  const reply = await service.call(
    "BatchRecommend",
    batchOf([
      request({ model: "films", userId: "1" }),
      request({ model: "music", userId: "2" }),
      request({ model: "books", userId: "3" }),
      request({ model: "music", userId: "4" }).subarray(0, -1),
      Buffer.alloc(0),
      request({ model: "films", userId: "6" }),
    ]),
  );
  expect(users(reply)).toEqual([
    "1",
    "2",
    Code.NOT_FOUND,
    Code.INVALID_ARGUMENT,
    Code.INVALID_ARGUMENT,
    "6",
  ]);
});

test("a batch reaches its backend in one call", async () => {
  await using service = await open();
  service.music.hang();
  const ids = Array.from({ length: 1_000 }, (_, i) => `user-${i}`);
  const all = BatchRecommendRequest.fromPartial({
    requests: ids.map((userId) => ({ model: "music", userId })),
  });
  const reply = service.call("BatchRecommend", BatchRecommendRequest.encode(all).finish());
  await expect.poll(() => service.music.waiting.length).toBe(1);
  expect(service.music.waiting[0]).toHaveLength(1_000);
  service.music.answerNext();
  expect(users(await reply)).toEqual(ids);
});

test("a batch over the cap is refused as a whole, an empty one answered", async () => {
  await using service = await open({ maxBatchRequests: 2 });
  const three = batchOf(["1", "2", "3"].map((userId) => request({ model: "music", userId })));
  await expect(service.call("BatchRecommend", three)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringMatching(/3.*2/),
  });
  expect(await service.call("BatchRecommend", Buffer.alloc(0))).toHaveLength(0);
});

test("a batch of too many results together is refused before any work, saying the sum and the limit", async () => {
  await using service = await open({ maxBatchResults: 100, maxTopK: 60 });
  const ask = (...topK: number[]) =>
    service.call(
      "BatchRecommend",
      batchOf(topK.map((k) => request({ model: "music", userId: "ana", topK: k }))),
    );
  await expect(ask(60, 41)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringMatching(/ 101 .* 100 /),
  });
  expect(users(await ask(60, 40))).toEqual(["ana", "ana"]);
  // One request beyond its own limit is for its backend to refuse, and fails nobody else.
  expect(users(await ask(1_000_000, 30, -5))).toHaveLength(3);
});

test("a request that says no top_k counts as one for ten results", async () => {
  await using service = await open({ maxBatchResults: 19 });
  const plain = request({ model: "music", userId: "ana" });
  expect(users(await service.call("BatchRecommend", batchOf([plain])))).toEqual(["ana"]);
  await expect(service.call("BatchRecommend", batchOf([plain, plain]))).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
  });
});

test("a malformed batch is INVALID_ARGUMENT", async () => {
  await using service = await open();
  const call = service.call("BatchRecommend", Buffer.from([0x0a, 0x7f, 0x00]));
  await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
});

test("callers without a deadline get the default one", async () => {
  await using service = await open({ defaultDeadlineMs: 30, defaultBatchDeadlineMs: 40 });
  service.music.hang();
  const one = request({ model: "music", userId: "ana" });
  const late = { code: Code.DEADLINE_EXCEEDED };
  await expect(service.call("Recommend", one)).rejects.toMatchObject(late);
  expect(users(await service.call("BatchRecommend", batchOf([one])))).toEqual([
    Code.DEADLINE_EXCEEDED,
  ]);
});

test("a caller's own deadline counts instead", async () => {
  await using service = await open({ defaultDeadlineMs: 1 });
  service.music.hang();
  const reply = service.call("Recommend", request({ model: "music", userId: "ana" }), {
    deadlineMs: performance.now() + 60_000,
  });
  await expect.poll(() => service.music.waiting.length).toBe(1);
  expect(service.music.waiting[0]![0]!.call.deadlineMs).toBeGreaterThan(performance.now() + 1_000);
  service.music.answerNext();
  await reply;
});

test("a refusal carries the backend's trailers", async () => {
  await using service = await open();
  const trailers = { "grpc-retry-pushback-ms": "40" };
  service.music.fail(new ServingError("RESOURCE_EXHAUSTED", "the queue is full", { trailers }));
  await expect(service.call("Recommend", request({ model: "music" }))).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    trailers: expect.objectContaining(trailers),
  });
});

test("ListModels says what is held", async () => {
  const model = {
    model: "music",
    version: "2",
    family: "two-tower",
    variant: "qint8",
    backend: "cpu-qint8",
    ready: true,
    isDefault: true,
    itemCount: 2_000_000,
    created: new Date("2025-01-31T12:00:00Z"),
    overlapAt10: 0.998,
    idType: "string",
  };
  await using service = await open({ listModels: () => [model] });
  const reply = await service.call("ListModels", ListModelsRequest.encode({}).finish());
  expect(ListModelsResponse.decode(reply).models).toEqual([model]);
});

test("RecordFeedback says that this server has nowhere to put it", async () => {
  await using service = await open();
  await expect(service.call("RecordFeedback", Buffer.alloc(0))).rejects.toMatchObject({
    code: Code.UNIMPLEMENTED,
    message: expect.stringContaining("feedback"),
  });
});

test("ListModels hands on which versions the arms of a router have", async () => {
  const held: unknown[] = [];
  await using service = await open({ hold: (versions) => void held.push(...versions) });
  const list = (metadata: ReadonlyMap<string, string>) =>
    service.call("ListModels", ListModelsRequest.encode({}).finish(), { metadata });
  await list(new Map());
  expect(held).toEqual([]);
  await list(new Map([["x-crossfade-holds", "music@1,nonsense,films@2"]]));
  expect(held).toEqual([
    { model: "music", version: "1" },
    { model: "films", version: "2" },
  ]);
});
