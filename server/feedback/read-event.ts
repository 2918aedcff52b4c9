import { idProblem } from "../../models/catalogue/id-rules.ts";
import type { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { contentIdOf } from "./content-id.ts";
import type { FeedbackEvent } from "./feedback-event.ts";

/** As many as a recommendation may have. */
const maxOthers = 1_000;
const maxCitedBytes = 128;
/** Of clocks that are not the same. */
const maxAheadMs = 600_000;
/** Of devices that were offline. */
const maxPastMs = 366 * 86_400_000;
const maxTold = 5;

/** Throws INVALID_ARGUMENT with what is wrong. Without an event id its content is one; without a time it is now. */
export function readEvent(request: RecordFeedbackRequest, nowMs: number): FeedbackEvent {
  const problems = [...problemsIn(request, nowMs)];
  if (problems.length > 0) {
    const more = problems.length > maxTold ? `; and ${problems.length - maxTold} more` : "";
    const told = problems.slice(0, maxTold).join("; ") + more;
    throw new ServingError("INVALID_ARGUMENT", told);
  }
  return {
    eventId: request.eventId === "" ? contentIdOf(request) : request.eventId,
    recommendationId: request.recommendationId,
    user: request.userId,
    liked: request.liked,
    others: [...new Set(request.others)],
    timeMs: request.time?.getTime() ?? nowMs,
  };
}

function* problemsIn(request: RecordFeedbackRequest, nowMs: number): Generator<string> {
  const { eventId, recommendationId, userId, liked, others, time } = request;
  yield* citedProblems("event_id", eventId);
  yield* citedProblems("recommendation_id", recommendationId);
  if (userId === "") yield "user_id is empty; say whose feedback it is";
  else yield* idProblems("user_id", userId);
  if (liked === "") yield "liked is empty; say what the user liked";
  else yield* idProblems("liked", liked);
  if (others.length > maxOthers)
    yield `others has ${others.length} ids, at most ${maxOthers} are allowed`;
  else for (const [i, id] of others.entries()) yield* idProblems(`others[${i}]`, id);
  if (liked !== "" && others.includes(liked))
    yield `others has ${shown(liked)}, which is liked; name there what was not`;
  if (time !== undefined) yield* timeProblems(time.getTime(), nowMs);
}

function* idProblems(field: string, id: string): Generator<string> {
  const problem = idProblem(id);
  if (problem !== undefined) yield `${field}: ${problem}`;
}

const unfit = /\p{Cc}|\p{Surrogate}/u;

function* citedProblems(field: string, id: string): Generator<string> {
  const bytes = Buffer.byteLength(id);
  if (bytes > maxCitedBytes)
    yield `${field} has ${bytes} bytes, at most ${maxCitedBytes} are allowed`;
  else if (unfit.test(id))
    yield `${field} is ${shown(id)}; it must be text without control characters`;
}

function* timeProblems(timeMs: number, nowMs: number): Generator<string> {
  if (Number.isNaN(timeMs)) yield "time is none that a date can be";
  if (timeMs > nowMs + maxAheadMs) yield `${spread(timeMs, nowMs)} at most 10 minutes ahead`;
  if (timeMs < nowMs - maxPastMs) yield `${spread(timeMs, nowMs)} at most 366 days ago`;
}

function spread(timeMs: number, nowMs: number): string {
  const [time, now] = [timeMs, nowMs].map((ms) => new Date(ms).toISOString());
  return `time is ${time}; it is ${now} here, and time may be`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
