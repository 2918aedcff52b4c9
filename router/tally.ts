import type { Answer } from "../backends/backend.ts";
import { Code, ServingError } from "../proto/serving-error.ts";

export function codeOf(answer: Answer): Code {
  return answer instanceof ServingError ? answer.code : Code.OK;
}

/** How often each key comes, in the order in which they came first. */
export function tally(keys: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
