import { ServingError } from "../../proto/serving-error.ts";

/** The command was called wrongly: nothing was done, and it exits with 2. */
export function wrong(...problems: readonly string[]): ServingError {
  return new ServingError("INVALID_ARGUMENT", problems.join("\n"));
}
