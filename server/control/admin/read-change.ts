import type {
  ChangeRolloutRequest,
  Step as StepMessage,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Step } from "../../../router/rollout/rollout.ts";
import type { Ask } from "../ask.ts";
import type { ChangeRequest } from "../change-rollout.ts";
import type { Role } from "./role.ts";

type Given = NonNullable<ChangeRolloutRequest["change"]>;
type Verbs = {
  readonly [Case in Given["$case"]]: (value: Extract<Given, { $case: Case }>["value"]) => Ask;
};

/** The names are those of the fields in ChangeRolloutRequest. */
const asks: Verbs = {
  setWeights: ({ basisPoints }) => ({ verb: "set weight", weights: basisPoints }),
  setVersion: ({ arm, version }) => ({ verb: "set version", arm, version }),
  setSteps: ({ steps }) => ({ verb: "set steps", steps: steps.map(readStep) }),
  promote: ({ full, force }) => ({ verb: "promote", full, ...(force && { force }) }),
  pause: () => ({ verb: "pause" }),
  resume: () => ({ verb: "resume" }),
  abort: () => ({ verb: "abort" }),
  undo: ({ toRevision }) =>
    toRevision === 0 ? { verb: "undo" } : { verb: "undo", toRevision: natural({ toRevision }) },
  adopt: () => ({ verb: "adopt" }),
  apply: ({ distributionJson }) => ({ verb: "apply", json: distributionJson }),
  setKillSwitch: ({ arm }) =>
    arm === "" ? { verb: "set kill-switch" } : { verb: "set kill-switch", arm },
};

/** As people know them. */
const verbs: Readonly<Record<Given["$case"], Ask["verb"]>> = {
  setWeights: "set weight",
  setVersion: "set version",
  setSteps: "set steps",
  promote: "promote",
  pause: "pause",
  resume: "resume",
  abort: "abort",
  undo: "undo",
  adopt: "adopt",
  apply: "apply",
  setKillSwitch: "set kill-switch",
};

export function verbOf({ change }: ChangeRolloutRequest): string {
  return change === undefined ? "a change" : verbs[change.$case];
}

/** They go around what the other verbs guard. */
const forAdmins: readonly Given["$case"][] = ["adopt", "apply"];

export function roleForChange({ change }: ChangeRolloutRequest): Role {
  return change !== undefined && forAdmins.includes(change.$case) ? "admin" : "operator";
}

export function readChange(request: ChangeRolloutRequest): ChangeRequest {
  const { model, expectRevision, dryRun, idempotencyKey: key, change } = request;
  if (model === "") throw invalid("model is required");
  if (change === undefined)
    throw invalid(`change is required: one of ${Object.keys(asks).join(", ")}`);
  if (key !== "" && !/^[\x21-\x7e]{1,128}$/.test(key))
    throw invalid("idempotency_key must have 1 to 128 printable ASCII characters, and no spaces");
  const ask = (asks[change.$case] as (value: Given["value"]) => Ask)(change.value);
  return {
    model,
    ask,
    isDryRun: dryRun,
    ...(expectRevision !== 0 && { expectRevision: natural({ expectRevision }) }),
    ...(key !== "" && { idempotencyKey: key }),
  };
}

function readStep({ basisPoints, dwellMs, pause }: StepMessage, i: number): Step {
  if (pause && dwellMs !== 0)
    throw invalid(`steps[${i}] pauses, and stays for ${dwellMs} ms; it can do one of both`);
  return { weight: basisPoints, dwell: pause ? "pause" : dwellMs };
}

function natural(named: Readonly<Record<string, number>>): number {
  const [[name, value]] = Object.entries(named) as [[string, number]];
  if (value > 0) return value;
  throw invalid(`${name} is ${value}; it must be a revision`);
}

function invalid(why: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", why);
}
