import { list, number, object, oneOf, optional, text } from "../../models/bundle/shape.ts";
import type { Shape } from "../../models/bundle/shape.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { bucketCount } from "../bucket.ts";
import { distribution, distributionFormat } from "../distribution.ts";
import { distributionMisfits } from "../distribution-misfits.ts";
import { refusal } from "../parse-distribution.ts";
import { rolloutFormat } from "../rollout/rollout.ts";
import type { Change, Plan, Rollout, RolloutState, Step } from "../rollout/rollout.ts";

const maxSteps = 1_000;

const time = number({ min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
const words = text({ pattern: /^[^]{0,10000}$/, allowed: "at most 10,000 characters" });
const id = text({
  pattern: /^[\x21-\x7e]{1,200}$/,
  allowed: "1 to 200 printable ASCII characters",
});

const dwell: Shape<Step["dwell"]> = (value, at, problems) =>
  value === "pause" ? value : time(value, at, problems);

const step = object<Step>({
  weight: number({ min: 0, max: bucketCount, whole: true }),
  dwell,
});

const plan = object<Plan>({ steps: list(step, maxSteps) });

const stepNumber = number({ min: 0, max: maxSteps, whole: true });
const phase = <Name extends RolloutState["phase"]>(name: Name) => oneOf([name] as const);

type PhaseShapes = {
  readonly [Name in RolloutState["phase"]]: Shape<Extract<RolloutState, { phase: Name }>>;
};

const phases: PhaseShapes = {
  steady: object({ phase: phase("steady") }),
  stepping: object({ phase: phase("stepping"), step: stepNumber, sinceMs: time }),
  paused: object<Extract<RolloutState, { phase: "paused" }>>({
    phase: phase("paused"),
    step: stepNumber,
    sinceMs: time,
    leftMs: optional(time),
  }),
  aborted: object({ phase: phase("aborted"), sinceMs: time }),
  promoted: object({ phase: phase("promoted"), sinceMs: time }),
};

const anyPhase = oneOf(Object.keys(phases) as RolloutState["phase"][]);

const state: Shape<RolloutState> = (value, at, problems) => {
  const name = (value as Partial<RolloutState> | null | undefined)?.phase;
  if (typeof name === "string" && Object.hasOwn(phases, name))
    return phases[name](value, at, problems);
  return { phase: anyPhase(name, `${at}.phase`, problems) } as RolloutState;
};

const changed = object<Change>({
  auditId: id,
  verb: words,
  by: words,
  from: words,
  reason: words,
  atMs: time,
});

const rollout = object<Rollout>({
  format: number({ min: rolloutFormat, max: rolloutFormat }) as Shape<typeof rolloutFormat>,
  distribution,
  plan: optional(plan),
  state,
  changed,
});

/**
 * Throws FAILED_PRECONDITION for what a newer build wrote, and else INVALID_ARGUMENT with every problem and its path.
 * @param source Names it in messages.
 */
export function checkRollout(value: unknown, source: string): Rollout {
  refuseNewer(value, source);
  const problems: string[] = [];
  const checked = rollout(value, "", problems);
  // What refers to what can be judged only when every field is what it should be.
  if (problems.length === 0) {
    const misfits = distributionMisfits(checked.distribution);
    problems.push(...misfits.map((misfit) => `distribution.${misfit}`));
  }
  if (problems.length > 0) throw refusal(source, problems);
  return checked;
}

function refuseNewer(value: unknown, source: string): void {
  const { format, distribution: inner } = (value ?? {}) as Partial<Rollout>;
  refuseFormat(source, format, rolloutFormat);
  refuseFormat(`the distribution in ${source}`, inner?.format, distributionFormat);
}

/** Throws FAILED_PRECONDITION for a format that is newer than what this build knows. */
export function refuseFormat(source: string, format: unknown, known: number): void {
  if (!Number.isSafeInteger(format) || (format as number) <= known) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${source} has format ${String(format)}, which a newer Crossfade wrote; this one knows ` +
      `format ${known}: update it, and do not go back to older builds`,
  );
}
