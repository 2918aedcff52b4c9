import type { Answer, Backend, Query } from "../backends/backend.ts";
import { ServingError } from "../proto/serving-error.ts";

export function attempt(read: () => Query): Query | ServingError {
  try {
    return read();
  } catch (error) {
    return ServingError.from(error);
  }
}

/** Those that could be read are answered together; every result keeps its place. */
export async function answerReadable(
  backend: Backend,
  read: readonly (Query | ServingError)[],
): Promise<readonly Answer[]> {
  const queries = read.filter((one): one is Query => !(one instanceof ServingError));
  const answers = queries.length === 0 ? [] : await backend.answer(queries);
  let next = 0;
  return read.map((one) => (one instanceof ServingError ? one : answers[next++]!));
}
