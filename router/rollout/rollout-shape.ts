import { list, number, object, optional, text, type Shape } from "../../models/bundle/shape.ts";
import { bucketCount } from "../bucket.ts";
import { distribution } from "../distribution.ts";
import { latestMs } from "../latest-ms.ts";
import { rolloutFormat } from "./rollout.ts";
import type { Change, Plan, Rollout, RolloutState, Step } from "./rollout.ts";
import { maxDwellMs, maxSteps } from "./step-misfits.ts";

const timeMs = number({ min: 0, max: latestMs, whole: true });
const stepIndex = number({ min: 0, max: maxSteps - 1, whole: true });
const dwellMs = number({ min: 0, max: maxDwellMs, whole: true });

const step = object<Step>({
  weight: number({ min: 0, max: bucketCount, whole: true }),
  dwell: (value, at, problems) => (value === "pause" ? value : dwellMs(value, at, problems)),
});

type StateOf<Phase extends RolloutState["phase"]> = Extract<
  RolloutState,
  { readonly phase: Phase }
>;

function phase<Phase extends RolloutState["phase"]>(name: Phase): Shape<Phase> {
  // `state` looks at the phase before it takes the shape that has it.
  return () => name;
}

const states: { readonly [Phase in RolloutState["phase"]]: Shape<StateOf<Phase>> } = {
  steady: object<StateOf<"steady">>({ phase: phase("steady") }),
  stepping: object<StateOf<"stepping">>({
    phase: phase("stepping"),
    step: stepIndex,
    sinceMs: timeMs,
  }),
  paused: object<StateOf<"paused">>({
    phase: phase("paused"),
    step: stepIndex,
    sinceMs: timeMs,
    leftMs: optional(dwellMs),
  }),
  aborted: object<StateOf<"aborted">>({ phase: phase("aborted"), sinceMs: timeMs }),
  promoted: object<StateOf<"promoted">>({ phase: phase("promoted"), sinceMs: timeMs }),
};

const state: Shape<RolloutState> = (value, at, problems) => {
  const name = (value as { phase?: unknown } | null | undefined)?.phase;
  if (typeof name === "string" && Object.hasOwn(states, name))
    return states[name as RolloutState["phase"]](value, at, problems);
  problems.push(`${at}.phase: must be one of ${Object.keys(states).join(", ")}`);
  return { phase: "steady" };
};

const words = text({ pattern: /^[^]{0,10000}$/, allowed: "at most 10,000 characters" });
const id = text({
  pattern: /^[\x21-\x7e]{1,200}$/,
  allowed: "1 to 200 printable ASCII characters",
});

const changed = object<Change>({
  auditId: id,
  verb: words,
  by: words,
  from: words,
  reason: words,
  atMs: timeMs,
});

/** Judges each field by itself; `rolloutMisfits` judges them together. */
export const rolloutShape = object<Rollout>({
  format: number({ min: rolloutFormat, max: rolloutFormat }) as Shape<typeof rolloutFormat>,
  distribution,
  plan: optional(object<Plan>({ steps: list(step, maxSteps) })),
  state,
  changed,
});
