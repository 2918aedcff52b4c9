import { createFileRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileDescriptorSet } from "../../proto/gen/descriptors.ts";
import {
  BatchRecommendResponse,
  ListModelsResponse,
  RecordFeedbackRequest,
  RecommendRequest,
  RecommendResponse,
  RouteReason,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { feedbackRequest } from "./feedback-types.ts";
import type { Writable } from "./json/writable.ts";
import { readJson } from "./read-json.ts";
import { batchReply, modelsReply, recommendReply } from "./reply-types.ts";
import { requestTypes } from "./request-types.ts";

/** What protobuf's own library makes of the same messages, from their descriptors. */
const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")),
);
const messageOf = (name: string) => registry.getMessage(`crossfade.v1.${name}`)!;

const { recommend } = requestTypes({ ...defaultRequestLimits, maxBatchRequests: 10 });

// Halves of surrogate pairs are no text: protobuf does not carry them.
const text = fc.string({ unit: "grapheme" });
const optional = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });

const request: fc.Arbitrary<RecommendRequest> = fc.record({
  model: text,
  userId: text,
  modelVersion: text,
  history: fc.array(text),
  tracks: fc.array(fc.record({ title: text, artist: text })),
  candidates: fc.array(text),
  exclude: fc.array(text),
  excludeHistory: fc.boolean(),
  topK: optional(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
});

test("requests are read as protobuf's own library writes them, in either spelling", () => {
  const schema = messageOf("RecommendRequest");
  fc.assert(
    fc.property(request, fc.boolean(), fc.nat(2), (message, useProtoFieldName, indent) => {
      const bytes = RecommendRequest.encode(message).finish();
      const json = toJson(schema, fromBinary(schema, bytes), { useProtoFieldName });
      const body = Buffer.from(JSON.stringify(json, undefined, indent));
      expect(readJson(recommend, body, "string")).toEqual(RecommendRequest.decode(bytes));
    }),
  );
});

/** As far as its years go. */
const rfc3339 = { min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z") };

const feedback: fc.Arbitrary<RecordFeedbackRequest> = fc.record({
  eventId: text,
  recommendationId: text,
  userId: text,
  liked: text,
  others: fc.array(text),
  time: optional(fc.date({ ...rfc3339, noInvalidDate: true })),
});

test("feedback likewise", () => {
  const schema = messageOf("RecordFeedbackRequest");
  fc.assert(
    fc.property(feedback, fc.boolean(), (message, useProtoFieldName) => {
      const bytes = RecordFeedbackRequest.encode(message).finish();
      const json = toJson(schema, fromBinary(schema, bytes), { useProtoFieldName });
      const read = readJson(feedbackRequest, Buffer.from(JSON.stringify(json)), undefined);
      expect(read.request).toEqual(RecordFeedbackRequest.decode(bytes));
    }),
  );
});

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat(2 ** 31 - 1);
const response: fc.Arbitrary<RecommendResponse> = fc.record({
  items: fc.array(fc.record({ score: float, id: text, title: text, artist: text })),
  served: optional(
    fc.record({
      model: text,
      modelVersion: text,
      backend: text,
      coldStart: fc.boolean(),
      degraded: text,
      unknownCount: count,
      unknownIds: fc.array(text),
      tracks: optional(fc.record({ known: count, matched: count, new: count })),
    }),
  ),
  routed: optional(
    fc.record({
      arm: text,
      reason: fc.constantFrom(...Object.values(RouteReason)),
      attempts: count,
      degraded: text,
    }),
  ),
  recommendationId: text,
});

const batch: fc.Arbitrary<BatchRecommendResponse> = fc.record({
  results: fc.array(
    fc.oneof(
      response.map((value) => ({ result: { $case: "response" as const, value } })),
      fc
        .record({ code: count, message: text, retryPushbackMs: count })
        .map((value) => ({ result: { $case: "status" as const, value } })),
    ),
  ),
});

const models: fc.Arbitrary<ListModelsResponse> = fc.record({
  models: fc.array(
    fc.record({
      model: text,
      version: text,
      family: text,
      variant: text,
      backend: text,
      ready: fc.boolean(),
      isDefault: fc.boolean(),
      itemCount: fc.maxSafeNat(),
      created: optional(fc.date({ ...rfc3339, noInvalidDate: true })),
      overlapAt10: fc.double({ noNaN: true, noDefaultInfinity: true }),
      idType: fc.constantFrom("string", "int"),
    }),
  ),
});

/** Written by us and read by protobuf's own library, it is the message that it was. */
function testReply<Message>(
  name: string,
  messages: fc.Arbitrary<Message>,
  [type, codec]: readonly [
    Writable<Message>,
    { encode(message: Message): { finish(): Uint8Array } },
  ],
): void {
  test(`${name} is written as protobuf's own library reads it`, () => {
    const schema = messageOf(name);
    fc.assert(
      fc.property(messages, (message) => {
        const json = JSON.parse(type.write(message, "string"));
        const read = toBinary(schema, fromJson(schema, json));
        expect(read).toEqual(Uint8Array.from(codec.encode(message).finish()));
      }),
    );
  });
}

testReply("RecommendResponse", response, [recommendReply, RecommendResponse]);
testReply("BatchRecommendResponse", batch, [batchReply, BatchRecommendResponse]);
testReply("ListModelsResponse", models, [modelsReply, ListModelsResponse]);

test.each([
  ["RecommendRequest", recommend],
  ["RecommendResponse", recommendReply],
])("%s has every field of the contract", (name, { schema }) => {
  const fields = messageOf(name).fields.map(({ jsonName }) => jsonName);
  expect(Object.keys(schema.properties!).toSorted()).toEqual(fields.toSorted());
});

test("a score that is no number is a bug, not a text", () => {
  const items = [{ id: "p1", score: Number.NaN, title: "", artist: "" }];
  const broken = RecommendResponse.fromPartial({ items });
  expect(() => recommendReply.write(broken, "string")).toThrow("the model gave NaN");
});
