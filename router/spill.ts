import type { Answer, Query } from "../backends/backend.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import type { Assignment } from "./assignment.ts";
import type { Arm } from "./distribution.ts";

/**
 * Where an arm's failures go: the stable arm, or where the kill switch sends everyone. Undefined when that is the arm
 * itself, or has no weight: what gets 0 basis points gets no spill either.
 */
export function spillTarget({ stable, only }: Assignment, from: Arm): Arm | undefined {
  const target = only ?? stable;
  const takesQueries = only !== undefined || stable.weight > 0;
  return takesQueries && target.version !== from.version ? target : undefined;
}

/** Who asked for an arm gets that arm's answer, or its failure. */
function isFree(reason: RouteReason): boolean {
  return reason !== RouteReason.OVERRIDE && reason !== RouteReason.KILL_SWITCH;
}

/**
 * Another version may do better: this one is not held, nothing that holds it answers, or it is broken. Not what the
 * caller got wrong or has no time left for; and not RESOURCE_EXHAUSTED, since what is too much for a small arm would
 * come down on the stable one, which has its own users to answer.
 */
const armsFaults: ReadonlySet<Code> = new Set([
  Code.FAILED_PRECONDITION,
  Code.UNAVAILABLE,
  Code.UNKNOWN,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.DATA_LOSS,
]);

function isArmsFault(answer: Answer): boolean {
  return answer instanceof ServingError && armsFaults.has(answer.code);
}

export interface Failed {
  readonly query: Query;
  readonly reason: RouteReason;
  readonly answer: Answer;
}

export function maySpill({ query, reason, answer }: Failed, nowMs: number): boolean {
  const { deadlineMs, signal } = query.call;
  return isArmsFault(answer) && isFree(reason) && nowMs < deadlineMs && !signal.aborted;
}

export function notReady(model: string, { name, version }: Arm): ServingError {
  const arm = `the arm ${name} of model ${model}`;
  return new ServingError(
    "UNAVAILABLE",
    `nothing that holds version ${version}, ${arm}, is ready; retry later`,
  );
}

/**
 * What a caller hears who named no version: that the arm's own is held by nobody is no mistake of his, and will pass.
 * Undefined: the failure is another one.
 */
export function misroutedBy(
  { name, version }: Arm,
  query: Query,
  answer: Answer,
): ServingError | undefined {
  if (!(answer instanceof ServingError) || answer.code !== Code.FAILED_PRECONDITION)
    return undefined;
  if (version === "" || query.version !== "") return undefined;
  const message = `arm ${name} wants version ${version}, which no server holds`;
  return new ServingError("UNAVAILABLE", message, { cause: answer });
}
