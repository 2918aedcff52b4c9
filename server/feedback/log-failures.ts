import type { Log } from "../log/log.ts";
import type { FeedbackSink } from "./feedback-sink.ts";

/** Says when a sink begins to fail and when it works again; metrics count the events. */
export function logFailures(sink: FeedbackSink, log: Log): FeedbackSink {
  let isFailing = false;
  return {
    ...sink,
    async append(event) {
      try {
        await sink.append(event);
        if (isFailing) log.info("feedback is kept again", { in: sink.name });
        isFailing = false;
      } catch (error) {
        if (!isFailing) log.error("feedback is not kept", { in: sink.name, error });
        isFailing = true;
        throw error;
      }
    },
  };
}
