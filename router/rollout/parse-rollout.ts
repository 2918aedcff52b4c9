import { duplicateKeys } from "../../models/bundle/duplicate-keys.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { distributionFormat } from "../distribution.ts";
import { distributionMisfits } from "../distribution-misfits.ts";
import { refusal } from "../parse-distribution.ts";
import { canaryOf } from "./canary-of.ts";
import { rolloutFormat, type Rollout } from "./rollout.ts";
import { rolloutShape } from "./rollout-shape.ts";
import { stepMisfits } from "./step-misfits.ts";

/**
 * A rollout as it is stored. Throws INVALID_ARGUMENT with every problem and its path, and FAILED_PRECONDITION for one that
 * a newer build wrote: what it would mean is not known here, so that nothing of it may be used.
 * @param source Names it in messages, e.g. the file.
 */
export function parseRollout(json: string, source = "the rollout"): Rollout {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    const why = `${source} is not JSON: ${String(cause)}`;
    throw new ServingError("INVALID_ARGUMENT", why, { cause });
  }
  const twice = duplicateKeys(json).map((key) => `${key}: appears twice`);
  return judged(value, source, twice);
}

/** The same for what has been parsed. */
export function checkRollout(value: unknown, source = "the rollout"): Rollout {
  return judged(value, source, []);
}

function judged(value: unknown, source: string, problems: string[]): Rollout {
  assertReadable(value, source);
  const rollout = rolloutShape(value, "", problems);
  if (problems.length === 0) problems.push(...rolloutMisfits(rollout));
  if (problems.length > 0) throw refusal(source, problems);
  return rollout;
}

interface Formatted {
  readonly format?: unknown;
  readonly distribution?: Formatted;
}

function assertReadable(value: unknown, source: string): void {
  const given = value as Formatted | null | undefined;
  const formats = [
    ["format", given?.format, rolloutFormat],
    ["distributions of format", given?.distribution?.format, distributionFormat],
  ] as const;
  for (const [what, format, known] of formats) {
    if (typeof format !== "number" || format <= known) continue;
    const newer = `${source} has ${what} ${format}, which a newer build wrote; this one reads ${known}`;
    throw new ServingError("FAILED_PRECONDITION", `${newer}: upgrade it, or write with the older`);
  }
}

function rolloutMisfits({ distribution, plan, state }: Rollout): readonly string[] {
  const problems = distributionMisfits(distribution).map((misfit) => `distribution.${misfit}`);
  const steps = plan?.steps ?? [];
  const hasStep = state.phase === "stepping" || state.phase === "paused";
  if (plan !== undefined)
    problems.push(...stepMisfits(steps).map((misfit) => `plan.steps: ${misfit}`));
  if (hasStep !== (plan !== undefined))
    problems.push(`plan: must be there while steps run or are paused, and only then`);
  if (hasStep && state.step >= steps.length)
    problems.push(`state.step: is ${state.step}, and there are ${steps.length} steps, from 0`);
  if (hasStep && canaryOf(distribution) === undefined)
    problems.push("distribution.arms: there is no canary for the steps");
  if (state.phase === "stepping" && steps[state.step]?.dwell === "pause")
    problems.push(`state.phase: is stepping, and step ${state.step} pauses`);
  return problems;
}
