import { ServingError } from "../../../proto/serving-error.ts";

const longest = 1_000;

/** Why somebody does what he does: kept for good, and shown on terminals. */
export function readReason(given: string): string {
  const reason = given.trim();
  if (reason === "")
    throw invalid("reason is required: say why, for those who read the history at night");
  if (reason.length > longest)
    throw invalid(`reason has ${reason.length} characters; at most ${longest}`);
  if (/[\p{Cc}\p{Cf}\p{Surrogate}]/u.test(reason))
    throw invalid(
      "reason has control characters, invisible ones or line ends; write one line of text",
    );
  return reason;
}

function invalid(why: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", why);
}
