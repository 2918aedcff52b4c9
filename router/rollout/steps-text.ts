import { ServingError } from "../../proto/serving-error.ts";
import { basisPointsAllowed, formatBasisPoints, parseBasisPoints } from "./basis-points-text.ts";
import { formatDuration, parseDuration } from "./duration-text.ts";
import type { Step } from "./rollout.ts";
import { stepMisfits } from "./step-misfits.ts";

const example = "100bp 10m, 500bp 30m, 2500bp pause, 10000bp";

/** Steps of "100bp 10m, 500bp 30m, 2500bp pause, 10000bp"; throws INVALID_ARGUMENT with every problem. */
export function parseSteps(text: string): readonly Step[] {
  const problems: string[] = [];
  const steps = text.split(",").map((part, i): Step => {
    const [weight = "", dwell, ...rest] = part.trim().split(/\s+/);
    const points = parseBasisPoints(weight);
    const stay = parseDwell(dwell);
    if (weight === "" || rest.length > 0)
      problems.push(
        `step ${i + 1}: "${part.trim()}" must be a weight and how long, e.g. 500bp 30m`,
      );
    else if (points === undefined)
      problems.push(`step ${i + 1}: the weight is "${weight}"; it must be ${basisPointsAllowed}`);
    else if (stay === undefined)
      problems.push(
        `step ${i + 1}: "${dwell}" is no time to stay; write e.g. 90s, 10m, 2h or pause`,
      );
    return { weight: points ?? 0, dwell: stay ?? "pause" };
  });
  if (problems.length === 0) problems.push(...stepMisfits(steps));
  if (problems.length === 0) return steps;
  throw new ServingError(
    "INVALID_ARGUMENT",
    `${problems.join("; ")} (steps are e.g. "${example}")`,
  );
}

function parseDwell(text: string | undefined): Step["dwell"] | undefined {
  if (text === undefined) return 0;
  return text === "pause" ? "pause" : parseDuration(text);
}

/** As `parseSteps` reads them. */
export function formatSteps(steps: readonly Step[]): string {
  return steps.map(formatStep).join(", ");
}

export function formatStep({ weight, dwell }: Step): string {
  const points = formatBasisPoints(weight);
  if (dwell === 0) return points;
  return `${points} ${dwell === "pause" ? dwell : formatDuration(dwell)}`;
}
