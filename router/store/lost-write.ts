import { ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../rollout/rollout.ts";

const reasonChars = 200;

/** What was to be written. */
interface Wanted {
  readonly distribution: Pick<Rollout["distribution"], "model" | "revision">;
}

/** ABORTED: somebody else was there first. `kept` is what there is now. */
export function lostWrite(
  { distribution: { model, revision } }: Wanted,
  expected: number,
  kept: Rollout | undefined,
): ServingError {
  return new ServingError("ABORTED", `${model} ${why(revision, expected, kept)}`);
}

function why(revision: number, expected: number, kept: Rollout | undefined): string {
  if (kept === undefined) {
    if (expected === 0) return `cannot begin with revision ${revision}: it must be above 0`;
    return `is not in the store, expected was revision ${expected}: the store may have lost it`;
  }
  const there = kept.distribution.revision;
  if (there === expected)
    return `is at revision ${there}, and can only go up: ${revision} is not above that`;
  const { verb, by, from, reason, atMs } = kept.changed;
  const time = new Date(atMs).toISOString();
  const what = `"${verb}" by ${by} from ${from} at ${time}, because: ${shortened(reason)}`;
  return `is at revision ${there}, expected was ${expected}: ${what}. Look at it, then try again`;
}

function shortened(reason: string): string {
  return reason.length > reasonChars ? `${reason.slice(0, reasonChars)}…` : reason;
}
