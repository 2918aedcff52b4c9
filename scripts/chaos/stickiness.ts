import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { type Assignment, createAssignment } from "../../router/assignment.ts";
import { pick } from "../../router/pick.ts";
import type { CallRecord } from "./call-record.ts";
import type { Applied } from "./applied.ts";

interface InForce {
  readonly assignment: Assignment;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** @returns Whether a call got the arm of a document that may have been in force while it lasted. Spill is its own matter. */
export function createStickiness(applied: readonly Applied[]): (call: CallRecord) => boolean {
  const documents = applied.map(({ document, askedMs }, i): InForce => {
    const untilMs = applied[i + 1]?.confirmedMs ?? Infinity;
    return { assignment: createAssignment(document), fromMs: askedMs, untilMs };
  });
  return ({ sentMs, endedMs, userId, arm, reason }) => {
    if (reason === RouteReason.SPILL) return true;
    const user = Buffer.from(userId);
    return documents
      .filter(({ fromMs, untilMs }) => fromMs <= endedMs && sentMs <= untilMs)
      .some(({ assignment }) => {
        const picked = pick(assignment, { user }, noChance);
        return !(picked instanceof ServingError) && picked.arm.name === arm;
      });
  };
}

function noChance(): number {
  throw new Error("an anonymous user has no arm of his own to stick to");
}
