import { defaultFeedbackDeadlineMs, type Feedback } from "../feedback/feedback.ts";
import { feedbackReply, feedbackRequest } from "./feedback-types.ts";
import { readJson } from "./read-json.ts";
import { json, type Route } from "./route.ts";

/** RecordFeedback, and the same as an origin of the design has it: its example works as it stands. */
export function feedbackRoute(feedback: Feedback): Route {
  return {
    method: "POST",
    template: "/feedback",
    defaultTimeoutMs: defaultFeedbackDeadlineMs,
    operation: {
      id: "recordFeedback",
      summary: "What a user did with a recommendation; answered when it is kept for good",
      request: feedbackRequest.schema,
      replies: {
        200: { description: "It is kept, or was before.", schema: feedbackReply.schema },
      },
    },
    async handle({ body, call }) {
      // Which model recommended it, and so how its ids look, nobody says.
      const { request, isOfOrigin } = readJson(feedbackRequest, body, undefined);
      await feedback.record(request, call);
      return json(feedbackReply.write(isOfOrigin ? { msg: "Feedback Sent" } : {}, "string"));
    },
  };
}
