import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";

/** Comes with a failure after which what was asked for may have been done. */
export const maybeDoneTrailer = "crossfade-maybe-done";

/** The store failed before anything was written. */
export function unchanged(thrown: unknown, model: string): ServingError {
  const error = ServingError.from(thrown);
  if (!isDown(error)) return error;
  const meanwhile = `crossfade rollout break-glass canary=0bp ${model} takes users off an arm, one router at a time`;
  return new ServingError(
    nameOf(error.code),
    `${error.message}; nothing was changed, and calls go on as they were. Until the store is back, ${meanwhile}`,
    { cause: error },
  );
}

/** The store failed while it was written to. */
export function maybeChanged(thrown: unknown): ServingError {
  const error = ServingError.from(thrown);
  // Redis is sure of that for some refusals.
  if (!isDown(error) || error.message.includes("nothing was changed")) return error;
  return new ServingError(
    nameOf(error.code),
    `${error.message}; it may have been written all the same: look, or ask again with the same idempotency key`,
    { cause: error, trailers: { [maybeDoneTrailer]: "true" } },
  );
}

function isDown({ code }: ServingError): boolean {
  return code === Code.UNAVAILABLE || code === Code.DEADLINE_EXCEEDED;
}
