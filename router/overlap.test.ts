import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReply } from "../backends/reply.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import { overlapOf } from "./overlap.ts";

function replyOf(ids: readonly string[], degraded = "") {
  const items = ids.map((id) => ({ id }));
  const response = RecommendResponse.fromPartial({ items, served: { degraded } });
  return createReply(RecommendResponse.encode(response).finish());
}

test.each([
  ["abcd", "abcd", 1],
  ["abcd", "dcba", 1],
  ["abcd", "abxy", 0.5],
  ["abcd", "ab", 0.5],
  ["ab", "abcd", 0.5],
  ["ab", "xy", 0],
  ["", "ab", 0],
  ["", "", 1],
])("of %j and %j it is %d", (one, other, overlap) => {
  expect(overlapOf(replyOf(one.split("")), replyOf(other.split("")))).toBe(overlap);
});

test("is the same either way round, and 1 for the same ids", () => {
  const ids = fc.uniqueArray(fc.string(), { maxLength: 20 });
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      const overlap = overlapOf(replyOf(one), replyOf(other));
      expect(overlapOf(replyOf(other), replyOf(one))).toBe(overlap);
      expect(overlapOf(replyOf(one), replyOf(one.toReversed()))).toBe(1);
    }),
  );
});

test("there is none with a failure, a degraded answer or bytes that are no reply", () => {
  const full = replyOf(["a"]);
  const others = [
    new ServingError("UNAVAILABLE", "gone"),
    replyOf(["a"], "popular items"),
    { ...full, degraded: "cached" },
    createReply(Uint8Array.of(0x0a, 0x7f)),
  ];
  for (const other of others) expect(overlapOf(full, other)).toBeUndefined();
});
