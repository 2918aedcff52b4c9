import { expect, test } from "vitest";
import type { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Feedback } from "../feedback/feedback.ts";
import { errorOf, openGateway } from "./gateway.fixture.ts";

const path = "/feedback";

/** Takes all feedback, or refuses it. */
function createTaker(refusal?: ServingError) {
  const taken: RecordFeedbackRequest[] = [];
  const feedback: Feedback = {
    async record(request) {
      if (refusal) throw refusal;
      taken.push(request);
    },
  };
  return { taken, feedback };
}

test("the origin's example, verbatim", async () => {
  const { taken, feedback } = createTaker();
  await using gateway = await openGateway({ feedback });
  const body =
    '{"user_id":22434,"like_playlist":"37i9dQZF1DX","other_playlists":[1,"37i9dQZF1DY",3,4]}';
  const { status, text } = await gateway.post(path, body);
  expect([status, text]).toEqual([200, '{"msg":"Feedback Sent"}']);
  expect(taken).toEqual([
    {
      eventId: "",
      recommendationId: "",
      userId: "22434",
      liked: "37i9dQZF1DX",
      others: ["1", "37i9dQZF1DY", "3", "4"],
      time: undefined,
    },
  ]);
});

test("the contract's message, in either spelling", async () => {
  const { taken, feedback } = createTaker();
  await using gateway = await openGateway({ feedback });
  const bodies = [
    '{"eventId":"e1","recommendationId":"r1","userId":"u1","liked":"p1","others":["p2"],"time":"2026-01-31T12:00:00.123456789Z"}',
    '{"event_id":"e1","recommendation_id":"r1","user_id":"u1","liked":"p1","others":["p2"],"time":"2026-01-31T13:00:00.123+01:00"}',
  ];
  for (const body of bodies) {
    const { status, text } = await gateway.post(path, body);
    expect([status, text]).toEqual([200, "{}"]);
  }
  const time = new Date("2026-01-31T12:00:00.123Z");
  const expected = { eventId: "e1", recommendationId: "r1", userId: "u1", liked: "p1" };
  expect(taken).toEqual([1, 2].map(() => ({ ...expected, others: ["p2"], time })));
});

test.each([
  ["[]", "the body: expected an object, got a list"],
  ['{"user_id":1.5}', "userId: expected a whole number"],
  [
    '{"user_id":1,"like_playlists":2}',
    "like_playlists: no such field; did you mean like_playlist?",
  ],
  ['{"liked":"p1","other_playlists":[2]}', "the body: has both liked or others and like_playlist"],
  ['{"time":"yesterday"}', 'time: expected a time like 2026-01-31T12:00:00Z, got "yesterday"'],
  ['{"time":1769860800}', "time: expected a time like"],
  ['{"time":"2026-01-31 12:00:00Z"}', "time: expected a time like"],
  ['{"time":"2026-13-31T12:00:00Z"}', "time: expected a time like"],
])("%s is refused", async (body, says) => {
  const { taken, feedback } = createTaker();
  await using gateway = await openGateway({ feedback });
  const { status, json } = await gateway.post(path, body);
  const message = expect.stringContaining(says.replace("userId", "user_id"));
  expect([status, json]).toEqual([400, errorOf("INVALID_ARGUMENT", message)]);
  expect(taken).toEqual([]);
});

test("what is not kept is not sent", async () => {
  const trailers = { "grpc-retry-pushback-ms": "10000" };
  const { feedback } = createTaker(new ServingError("RESOURCE_EXHAUSTED", "full", { trailers }));
  await using gateway = await openGateway({ feedback });
  const { status, headers, text } = await gateway.post(path, { user_id: 1, like_playlist: 2 });
  expect([status, headers.get("retry-after")]).toEqual([429, "10"]);
  expect(text).not.toContain("Sent");
});

test("without a place to keep it nothing is taken", async () => {
  await using gateway = await openGateway();
  const { status, json } = await gateway.post(path, { user_id: 1, like_playlist: 2 });
  const message = expect.stringContaining("--feedback");
  expect([status, json]).toEqual([501, errorOf("UNIMPLEMENTED", message)]);
});
