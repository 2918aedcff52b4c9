import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  BatchRecommendResponse,
  RecommendResponse,
  type Result,
} from "./gen/crossfade/v1/recommender.ts";
import { joinResults, type BatchAnswer } from "./join-results.ts";
import { ServingError } from "./serving-error.ts";

const items = fc.array(
  fc.record({ score: fc.float({ noNaN: true }), id: fc.string(), title: fc.string() }),
);
const reply = items.map((items) => RecommendResponse.fromPartial({ items }));
const code = fc.constantFrom("INVALID_ARGUMENT", "NOT_FOUND", "RESOURCE_EXHAUSTED", "UNAVAILABLE");
const trailers = fc.oneof(
  fc.constant({}),
  fc.nat(100_000).map((ms) => ({ "grpc-retry-pushback-ms": String(ms) })),
);
const failure = fc
  .tuple(code, fc.string({ unit: "grapheme", maxLength: 200 }), trailers)
  .map(([code, message, trailers]) => new ServingError(code, message, { trailers }));

function answerOf(result: RecommendResponse | ServingError): BatchAnswer {
  return result instanceof ServingError
    ? result
    : { bytes: RecommendResponse.encode(result).finish() };
}

function resultOf(result: RecommendResponse | ServingError): Result {
  if (!(result instanceof ServingError)) return { result: { $case: "response", value: result } };
  const { code, message, trailers } = result;
  const retryPushbackMs = Number(trailers["grpc-retry-pushback-ms"] ?? 0);
  return { result: { $case: "status", value: { code, message, retryPushbackMs } } };
}

test("joins replies and failures to the bytes of the generated code", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(reply, failure), { maxLength: 30 }), (answers) => {
      const expected = BatchRecommendResponse.encode({ results: answers.map(resultOf) }).finish();
      expect(Buffer.compare(joinResults(answers.map(answerOf)), expected)).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test("golden bytes: a reply, an empty reply, a failure", () => {
  const bytes = joinResults([
    { bytes: Buffer.from("220172", "hex") },
    { bytes: new Uint8Array() },
    new ServingError("NOT_FOUND", "no"),
  ]);
  expect(Buffer.from(bytes).toString("hex")).toBe(
    "0a050a03220172 0a020a00 0a081206080512026e6f".replaceAll(" ", ""),
  );
});
