import { expect, test } from "vitest";
import { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { readEvent } from "./read-event.ts";

const nowMs = Date.parse("2026-01-31T12:00:00Z");
type Fields = Parameters<typeof RecordFeedbackRequest.fromPartial>[0];
const request = (fields: Fields) =>
  RecordFeedbackRequest.fromPartial({ userId: "u1", liked: "p1", others: ["p2"], ...fields });
const read = (fields: Fields) => readEvent(request(fields), nowMs);

test("an event is what the request says", () => {
  const time = new Date(nowMs - 5_000);
  expect(read({ eventId: "e1", recommendationId: "r1", others: ["p2", "p3", "p2"], time })).toEqual(
    {
      eventId: "e1",
      recommendationId: "r1",
      user: "u1",
      liked: "p1",
      others: ["p2", "p3"],
      timeMs: nowMs - 5_000,
    },
  );
});

test("without a time it is now", () => {
  expect(read({}).timeMs).toBe(nowMs);
});

test("without an event id its content is one, in whatever order the others came", () => {
  const { eventId } = read({ others: ["p2", "p3"] });
  expect(eventId).toMatch(/^content-[\w-]{22}$/);
  expect(readEvent(request({ others: ["p3", "p2"] }), nowMs + 1_000).eventId).toBe(eventId);
  const different: Fields[] = [
    { userId: "u2" },
    { liked: "p9" },
    { others: ["p2"] },
    { others: ["p2", "p3", "p4"] },
    { recommendationId: "r1" },
    { time: new Date(nowMs) },
  ];
  const ids = different.map((fields) => read({ others: ["p2", "p3"], ...fields }).eventId);
  expect(new Set([eventId, ...ids]).size).toBe(7);
});

const long = (length: number) => "x".repeat(length);
const at = (ms: number) => ({ time: new Date(nowMs + ms) });
const day = 86_400_000;

test.each<[Fields, string]>([
  [{ userId: "" }, "user_id is empty; say whose feedback it is"],
  [{ userId: long(128) }, "user_id: the id"],
  [{ userId: "a\0" }, "NUL"],
  [{ liked: "" }, "liked is empty; say what the user liked"],
  [{ liked: long(128) }, "liked: the id"],
  [{ others: ["p2", ""] }, "others[1]: the id is empty"],
  [{ others: ["p2", long(128)] }, "others[1]: the id"],
  [{ others: ["p2", "p1"] }, 'others has "p1", which is liked'],
  [{ others: Array.from({ length: 1_001 }, String) }, "others has 1001 ids, at most 1000"],
  [{ eventId: long(129) }, "event_id has 129 bytes, at most 128"],
  [{ eventId: "a\nb" }, 'event_id is "a\\nb"; it must be text without control characters'],
  [{ recommendationId: "\uD800" }, "recommendation_id is"],
  [at(600_001), "time may be at most 10 minutes ahead"],
  [at(-366 * day - 1), "time may be at most 366 days ago"],
  [{ time: new Date(Number.NaN) }, "time is none"],
])("%j is refused", (fields, complaint) => {
  expect(() => read(fields)).toThrow(complaint);
});

test.each<[Fields]>([
  [{ userId: long(127), liked: long(126), others: [] }],
  [{ eventId: long(128), recommendationId: "ünï 𝄞" }],
  [{ others: Array.from({ length: 1_000 }, String) }],
  [at(600_000)],
  [at(-366 * day)],
])("%j is allowed", (fields) => {
  expect(() => read(fields)).not.toThrow();
});

test("all that is wrong is told at once, within reason", () => {
  const bad = { userId: "", liked: "", others: Array.from({ length: 1_000 }, () => "") };
  expect(() => read(bad)).toThrow(/user_id is empty.*liked is empty.*others\[2\].*; and 997 more$/);
});
