import { expect, test } from "vitest";
import { decodeMessage } from "./decode-message.ts";
import { RecordFeedbackRequest } from "./gen/crossfade/v1/recommender.ts";
import { refusalOf } from "./request.arbitrary.ts";

test("decodes, or says INVALID_ARGUMENT and what could not be decoded", () => {
  const message = RecordFeedbackRequest.fromPartial({ eventId: "e", others: ["a", "b"] });
  const bytes = RecordFeedbackRequest.encode(message).finish();
  expect(decodeMessage(RecordFeedbackRequest, bytes, "RecordFeedbackRequest")).toEqual(message);
  const cut = bytes.subarray(0, -1);
  expect(refusalOf(() => decodeMessage(RecordFeedbackRequest, cut, "RecordFeedbackRequest"))).toBe(
    "RecordFeedbackRequest is malformed; encode it with a protobuf library",
  );
});
