import { pushbackTrailer } from "../../proto/pushback.ts";
import { ServingError } from "../../proto/serving-error.ts";

const comeBackMs = "10000";

/** @param why For the caller. */
export function fullSink(why: string, cause?: unknown): ServingError {
  return new ServingError("RESOURCE_EXHAUSTED", `feedback is not kept now: ${why}; send it later`, {
    trailers: { [pushbackTrailer]: comeBackMs },
    cause,
  });
}

export function brokenSink(cause: unknown): ServingError {
  return new ServingError("UNAVAILABLE", "feedback cannot be kept now; send it again", { cause });
}
