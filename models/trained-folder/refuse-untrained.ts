import { ServingError } from "../../proto/serving-error.ts";

/** Throws FAILED_PRECONDITION with everything that is wrong with the folder; nothing where nothing is. */
export function refuseUntrained(dir: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${dir} is no trained folder that can be exported; scripts/train writes them:\n${list}`,
  );
}
