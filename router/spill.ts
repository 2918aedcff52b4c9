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

/** The version is not held, or nothing that holds it answers: another version can. */
function isArmsFault(answer: Answer): boolean {
  return (
    answer instanceof ServingError &&
    (answer.code === Code.FAILED_PRECONDITION || answer.code === Code.UNAVAILABLE)
  );
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
