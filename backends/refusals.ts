import { ServingError } from "../proto/serving-error.ts";
import type { Answer, Query } from "./backend.ts";

/** Beyond this a caller should look elsewhere rather than wait. */
const longestPushbackMs = 10_000;

export function queueFull(maxQueuedRows: number, waitMs: number): ServingError {
  return overloaded(`the queue is full (${maxQueuedRows} rows)`, waitMs);
}

export function queueTooSlow(waitMs: number, leftMs: number): ServingError {
  const wait = `the queue would take about ${Math.ceil(waitMs)} ms`;
  return overloaded(`${wait}, and the answer is due in ${Math.floor(leftMs)} ms`, waitMs);
}

export function noEndpoint(): ServingError {
  return new ServingError("UNAVAILABLE", "no server is known at the moment; retry later");
}

export function cannotMakeIt(predictedMs: number): ServingError {
  const needs = `its run takes about ${Math.ceil(predictedMs)} ms, which is more than was left of the deadline`;
  return new ServingError("DEADLINE_EXCEEDED", `not computed: ${needs}; allow more time`);
}

export function deadlineExceeded(): ServingError {
  return new ServingError(
    "DEADLINE_EXCEEDED",
    "no answer within the deadline; allow more time or retry elsewhere",
  );
}

export function cancelled(): ServingError {
  return new ServingError("CANCELLED", "the caller cancelled");
}

export function closed(name: string): ServingError {
  return new ServingError("UNAVAILABLE", `backend "${name}" is closed; retry elsewhere`);
}

/** The same failure for each of them. */
export async function answerAll(
  queries: readonly Query[],
  failure: ServingError,
): Promise<readonly Answer[]> {
  return queries.map(() => failure);
}

function overloaded(what: string, waitMs: number): ServingError {
  const pushbackMs = Math.ceil(Math.min(Math.max(waitMs, 1), longestPushbackMs));
  return new ServingError("RESOURCE_EXHAUSTED", `${what}; retry in ${pushbackMs} ms or elsewhere`, {
    trailers: { "grpc-retry-pushback-ms": String(pushbackMs) },
  });
}
