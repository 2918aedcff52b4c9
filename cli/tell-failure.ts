import { ServingError } from "../proto/serving-error.ts";
import type { Log } from "../server/log/log.ts";

/** Why a process that serves could not start: a sentence for whoever started it, and where it failed for whoever asks. */
export function tellFailure(log: Log, error: unknown): void {
  log.error("cannot start", { reason: reasonOf(error) });
  log.debug("where the start failed", { error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What callers must not be told is in its cause.
  const isMore = error instanceof ServingError && error.cause instanceof Error;
  return isMore ? `${error.message}: ${reasonOf(error.cause)}` : error.message;
}
