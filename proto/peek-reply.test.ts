import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  BatchRecommendResponse,
  RecommendResponse,
  type Result,
} from "./gen/crossfade/v1/recommender.ts";
import { peekReply, peekResults, type PeekedReply } from "./peek-reply.ts";
import { Code, codeFrom, ServingError } from "./serving-error.ts";

const texts = fc.constantFrom("", "canary", "cpu-qint8", "ü".repeat(100));

const replies = fc
  .record({
    items: fc.array(
      fc.record({ score: fc.float({ noNaN: true }), id: fc.string({ maxLength: 200 }) }),
      {
        maxLength: 20,
      },
    ),
    served: fc.option(fc.record({ model: texts, backend: texts, degraded: texts }), {
      nil: undefined,
    }),
    routed: fc.option(fc.record({ arm: texts, attempts: fc.nat(), degraded: texts }), {
      nil: undefined,
    }),
    recommendationId: texts,
  })
  .map((fields) => RecommendResponse.fromPartial(fields));

const codes = fc.integer({ min: 1, max: 20 });
const results = fc.oneof(
  replies.map((value): Result => ({ result: { $case: "response", value } })),
  fc
    .record({ code: codes, message: texts, retryPushbackMs: fc.nat() })
    .map((value): Result => ({ result: { $case: "status", value } })),
);

function seenIn(bytes: Uint8Array, reply: PeekedReply) {
  const text = (start: number, end: number) => Buffer.from(bytes).toString("utf8", start, end);
  return {
    arm: text(reply.armStart, reply.armEnd),
    backend: text(reply.backendStart, reply.backendEnd),
    isDegraded: reply.isDegraded,
  };
}

function told({ served, routed }: RecommendResponse) {
  return {
    arm: routed?.arm ?? "",
    backend: served?.backend ?? "",
    isDegraded: Boolean(served?.degraded || routed?.degraded),
  };
}

test("sees what the generated code decodes", () => {
  fc.assert(
    fc.property(replies, (response) => {
      const bytes = RecommendResponse.encode(response).finish();
      expect(seenIn(bytes, peekReply(bytes))).toEqual(told(RecommendResponse.decode(bytes)));
    }),
  );
});

test("sees each result of a batch, in order", () => {
  fc.assert(
    fc.property(fc.array(results, { maxLength: 8 }), (batch) => {
      const bytes = BatchRecommendResponse.encode({ results: batch }).finish();
      const seen: unknown[] = [];
      peekResults(bytes, (code, reply) =>
        seen.push(code === Code.OK ? seenIn(bytes, reply) : code),
      );
      expect(seen).toEqual(
        batch.map(({ result }) =>
          result?.$case === "response" ? told(result.value) : codeFrom(result!.value.code),
        ),
      );
    }),
  );
});

test("a reply that came twice in parts is seen as the generated code sees it", () => {
  const parts = [{ backend: "cpu", degraded: "popular" }, { backend: "cuda" }].map((served) =>
    RecommendResponse.encode(RecommendResponse.fromPartial({ served })).finish(),
  );
  const bytes = Buffer.concat(parts);
  expect(seenIn(bytes, peekReply(bytes))).toEqual(told(RecommendResponse.decode(bytes)));
});

test("refuses what it cannot walk, wherever it was cut", () => {
  const whole = BatchRecommendResponse.encode({
    results: [
      {
        result: {
          $case: "response",
          value: RecommendResponse.fromPartial({
            items: [{ id: "a" }],
            served: { backend: "cpu" },
          }),
        },
      },
    ],
  }).finish();
  for (let length = 1; length < whole.length; length++) {
    expect(() => peekResults(whole.subarray(0, length), () => {})).toThrow(ServingError);
  }
});
