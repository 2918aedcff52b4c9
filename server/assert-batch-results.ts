import type { Query } from "../backends/backend.ts";
import { ServingError } from "../proto/serving-error.ts";

export interface BatchResultLimits {
  /** Of all its requests together. */
  readonly maxBatchResults: number;
  /** Of one request. */
  readonly maxTopK: number;
}

/**
 * Throws INVALID_ARGUMENT for a batch that asks for more results than one reply should hold: a few bytes ask for a thousand.
 * A request that asks for more than it may is refused alone, later; until then it counts as one that asks for all it may.
 */
export function assertBatchResults(
  read: readonly (Query | ServingError)[],
  { maxBatchResults, maxTopK }: BatchResultLimits,
): void {
  let results = 0;
  for (const one of read)
    if (!(one instanceof ServingError)) results += Math.min(Math.max(0, one.topK), maxTopK);
  if (results <= maxBatchResults) return;
  const asked = `the requests of the batch ask for ${results} results together (the sum of top_k)`;
  throw new ServingError(
    "INVALID_ARGUMENT",
    `${asked}; at most ${maxBatchResults} are allowed: send several batches or lower top_k`,
  );
}
