import { bucketCount } from "../bucket.ts";
import type { Step } from "./rollout.ts";

export const maxSteps = 100;
/** So that a step that nobody waits for is a mistake in its unit. */
export const maxDwellMs = 90 * 86_400_000;

/** What is wrong with steps, whoever wrote them. */
export function stepMisfits(steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return ["there are no steps"];
  if (steps.length > maxSteps) return [`there are ${steps.length} steps; at most ${maxSteps}`];
  return steps.flatMap(({ weight, dwell }, i) => {
    const at = `step ${i + 1}`;
    const problems: string[] = [];
    if (!Number.isInteger(weight) || weight < 0 || weight > bucketCount)
      problems.push(
        `${at}: the weight must be from 0 to ${bucketCount} basis points, got ${weight}`,
      );
    if (dwell === 0 && i < steps.length - 1)
      problems.push(`${at}: say how long it stays, or pause; only the last step needs neither`);
    if (dwell !== "pause" && !(Number.isInteger(dwell) && dwell >= 0 && dwell <= maxDwellMs))
      problems.push(`${at}: it must stay from 0 to ${maxDwellMs} ms, got ${dwell}`);
    return problems;
  });
}
