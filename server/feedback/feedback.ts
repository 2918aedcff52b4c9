import type { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../../transport/call.ts";
import type { Log } from "../log/log.ts";
import { createFailureLog } from "./failure-log.ts";
import type { FeedbackMeter } from "./feedback-meter.ts";
import { readEvent } from "./read-event.ts";
import type { Recorder } from "./recorder.ts";

/** What a front does with feedback, whichever protocol brought it. */
export interface Feedback {
  /** Resolves when the event is kept for good, or was before. */
  record(request: RecordFeedbackRequest, call: Pick<Call, "deadlineMs">): Promise<void>;
}

/** For callers that set no deadline. */
export const defaultFeedbackDeadlineMs = 5_000;

const longestTimerMs = 2 ** 31 - 1;

export interface FeedbackParts {
  readonly meter: FeedbackMeter;
  readonly log: Log;
}

export function createFeedback(recorder: Recorder, { meter, log }: FeedbackParts): Feedback {
  const told = createFailureLog(log);
  return {
    async record(request, { deadlineMs }) {
      try {
        const event = readEvent(request, Date.now());
        await settledBy(deadlineMs, recorder.record(event));
        told.worked();
      } catch (thrown) {
        const error = ServingError.from(thrown);
        meter.refused(error.code);
        if (error.code !== Code.INVALID_ARGUMENT) told.failed(error);
        throw error;
      }
    },
  };
}

/** Without a place to keep it, nothing is taken. */
export const noFeedback: Feedback = {
  record: async () => {
    throw new ServingError(
      "UNIMPLEMENTED",
      "this server has nowhere to keep feedback; it must be started with --feedback",
    );
  },
};

function settledBy<Value>(deadlineMs: number, work: Promise<Value>): Promise<Value> {
  const leftMs =
    deadlineMs === Infinity ? defaultFeedbackDeadlineMs : deadlineMs - performance.now();
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(
        new ServingError(
          "DEADLINE_EXCEEDED",
          "the feedback was not kept in time; it may be later: send it again with the same event id",
        ),
      );
    const timer = setTimeout(late, Math.min(leftMs, longestTimerMs));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
