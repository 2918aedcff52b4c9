import { ServingError } from "../../proto/serving-error.ts";
import type { Backend } from "../backend.ts";
import type { PendingCalls } from "../pending/pending.ts";
import { deadlineExceeded } from "../refusals.ts";
import { isFault } from "./failure.ts";
import { type Group, unanswered } from "./group.ts";

/** Asked when no endpoint has answered. */
export interface Fallback {
  /** Answers at once, or fails at once. */
  readonly backend: Backend;
  /** What its answers are called, e.g. "cached". */
  readonly degraded: string;
}

export interface FallBackOptions {
  readonly fallbacks: readonly Fallback[];
  readonly calls: PendingCalls<never>;
}

/** The last rungs: each in turn is asked for what is unanswered; then the failures are told. */
export async function fallBack(group: Group, { fallbacks, calls }: FallBackOptions): Promise<void> {
  const failureAt = (place: number) => group.failures.get(place) ?? deadlineExceeded();
  for (const fallback of fallbacks) {
    const places = unanswered(group).filter((place) => isFault(failureAt(place)));
    if (places.length > 0) await askFallback(group, places, { ...fallback, calls });
  }
  for (const place of unanswered(group)) calls.settle(group.pending, place, failureAt(place));
}

async function askFallback(
  { pending, asked }: Group,
  places: readonly number[],
  { backend, degraded, calls }: Fallback & { readonly calls: PendingCalls<never> },
): Promise<void> {
  const answers = await backend.answer(places.map((place) => pending.queries[place]!));
  places.forEach((place, index) => {
    const answer = answers[index]!;
    if (answer instanceof ServingError) return;
    const attempts = asked.size;
    calls.settle(pending, place, { ...answer, attempts, degraded });
  });
}
