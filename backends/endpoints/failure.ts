import { pushbackMsOf } from "../../proto/pushback.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Answer } from "../backend.ts";
import type { Verdict } from "./outlier.ts";

/** Faults of whoever was asked, where a lesser answer is better than none. All else is the caller's to know. */
const faults: ReadonlySet<Code> = new Set([
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.INTERNAL,
  Code.UNKNOWN,
  Code.DATA_LOSS,
]);

export function isFault({ code }: ServingError): boolean {
  return faults.has(code);
}

/** It has gone from there since it was listed; another endpoint may have it. */
export function isMisplaced({ code }: ServingError): boolean {
  return code === Code.FAILED_PRECONDITION || code === Code.NOT_FOUND;
}

/** Whether another endpoint should be asked. INTERNAL is a bug, which the same request would meet there too. */
export function isRetryable(error: ServingError): boolean {
  if (error.code === Code.RESOURCE_EXHAUSTED) return pushbackMsOf(error) !== undefined;
  return error.code === Code.UNAVAILABLE || isMisplaced(error);
}

/** @param wasLong Nearly every other attempt had been answered in the time that this one took. */
export function verdictOf(answers: readonly Answer[], wasLong: boolean): Verdict {
  const errors = answers.filter((answer) => answer instanceof ServingError);
  if (errors.length < answers.length) return "answered";
  const verdicts = errors.map((error) => verdictOfError(error, wasLong));
  return (
    (["answered", "broken", "failed"] as const).find((one) => verdicts.includes(one)) ?? "nothing"
  );
}

function verdictOfError({ code }: ServingError, wasLong: boolean): Verdict {
  if (code === Code.CANCELLED) return "nothing";
  if (code === Code.DEADLINE_EXCEEDED) return wasLong ? "broken" : "nothing";
  // Whether the connection failed or the server says so: five in a row are enough.
  if (code === Code.UNAVAILABLE) return "broken";
  // An endpoint that refuses what it cannot do in time is well, and so is one whose callers err.
  return faults.has(code) && code !== Code.RESOURCE_EXHAUSTED ? "failed" : "answered";
}

/** The longest that one of them asks to stay away. */
export function pushbackOf(answers: readonly Answer[]): number {
  let longestMs = 0;
  for (const answer of answers)
    if (answer instanceof ServingError) longestMs = Math.max(longestMs, pushbackMsOf(answer) ?? 0);
  return longestMs;
}
