import { ServingError } from "../../proto/serving-error.ts";
import type { Part } from "../protocols/part.ts";
import type { Answered } from "../questions/question.ts";

/** Users who are looked at apart. */
export interface Group {
  readonly name: string;
  /** Undefined: all. */
  readonly users?: readonly number[];
}

/** All; those that the protocol keeps apart, else those whom the model did not know and those it did; where there are both. */
export function groupsOf({ trials }: Part, answers: readonly Answered[], users: number): Group[] {
  const isCold = Array.from({ length: users }, () => false);
  const own = Array.from({ length: users }, (): string | undefined => undefined);
  for (const [at, { subject, group }] of trials.entries()) {
    const answer = answers[at]!;
    isCold[subject] ||= !(answer instanceof ServingError) && answer.served?.coldStart === true;
    own[subject] ??= group;
  }
  const cold = isCold.map((is) => (is ? "cold users" : "warm users"));
  const hasOwn = own.some((group) => group !== undefined);
  return [{ name: "all" }, ...apart(hasOwn ? own : cold)];
}

function apart(names: readonly (string | undefined)[]): Group[] {
  const different = [...new Set(names)].toSorted((a = "", b = "") => (a < b ? -1 : 1));
  if (different.length < 2) return [];
  return different.flatMap((name) =>
    name === undefined
      ? []
      : [{ name, users: names.flatMap((one, user) => (one === name ? [user] : [])) }],
  );
}
