import type { ChangeRolloutRequest, Step } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { bucketCount } from "../../../router/bucket.ts";
import { maxArms } from "../../../router/distribution.ts";
import { maxSteps } from "../../../router/rollout/step-misfits.ts";
import { anyObject } from "../../http/json/any-json.ts";
import {
  flag,
  int32,
  int64,
  list,
  map,
  message,
  text,
  type Fields,
  type Readable,
} from "../../http/json/readable.ts";
import { describe } from "../../http/json/schema.ts";

type Change = NonNullable<ChangeRolloutRequest["change"]>;
type Case = Change["$case"];
type ValueOf<Name extends Case> = Extract<Change, { $case: Name }>["value"];

type Common = Pick<ChangeRolloutRequest, "reason" | "expectRevision" | "dryRun" | "idempotencyKey">;

const common: Required<Fields<Common>> = {
  reason: describe(text, "Why; kept for good."),
  expectRevision: describe(int64, "Only when this is the revision now; absent: whatever is there."),
  dryRun: describe(flag, "Answers what would be, and changes nothing."),
  idempotencyKey: describe(
    text,
    "A repeat within a day gets the first answer; with another body, ALREADY_EXISTS.",
  ),
};

export const points: Readable<number> = {
  ...int32,
  schema: { ...int32.schema, minimum: 0, maximum: bucketCount },
};

export const weights = describe(
  map(points, maxArms),
  "By arm. Of those that are not named the stable one takes or gives what is missing.",
);

const step = message<Step>({
  title: "NewStep",
  empty: () => ({ basisPoints: 0, dwellMs: 0, pause: false }),
  fields: {
    basisPoints: points,
    dwellMs: describe(int64, "How long it stays, unless it pauses."),
    pause: describe(flag, "Until somebody promotes or resumes."),
  },
  required: ["basisPoints"],
});

/** One way to change a rollout: POST /v1/rollouts/{model}:NAME. */
export interface ChangeVerb {
  readonly name: Case;
  readonly summary: string;
  /** Without the model, which is in the path. */
  readonly body: Readable<ChangeRolloutRequest>;
}

interface Verb<Name extends Case, Body> {
  readonly name: Name;
  readonly summary: string;
  readonly fields: Fields<Body>;
  readonly required?: readonly (keyof Body & string)[];
  readonly empty: Body;
  /** Default: the body is the value. */
  readonly value?: (body: Body) => ValueOf<Name>;
}

/** The fields of the verb stand beside those that all changes have. */
function verb<Name extends Case, Body extends object = ValueOf<Name>>(
  one: Verb<Name, Body>,
): ChangeVerb {
  const { name, summary, required = [], value = (body) => body as ValueOf<Name> } = one;
  const nothing: Common = { reason: "", expectRevision: 0, dryRun: false, idempotencyKey: "" };
  const body = message<Body & Common>({
    title: `${name[0]!.toUpperCase()}${name.slice(1)}Request`,
    empty: () => ({ ...structuredClone(one.empty), ...nothing }),
    fields: { ...one.fields, ...common } as Fields<Body & Common>,
    required: [...required, "reason"],
  });
  return {
    name,
    summary,
    body: {
      schema: body.schema,
      read(cursor) {
        const { reason, expectRevision, dryRun, idempotencyKey, ...rest } = body.read(cursor);
        const change = { $case: name, value: value(rest as unknown as Body) } as Change;
        return { model: "", reason, expectRevision, dryRun, idempotencyKey, change };
      },
    },
  };
}

export const changeVerbs: readonly ChangeVerb[] = [
  verb({
    name: "setWeights",
    summary: "Weights by hand, in basis points; ends the steps",
    fields: { basisPoints: weights },
    required: ["basisPoints"],
    empty: { basisPoints: {} },
  }),
  verb({
    name: "setVersion",
    summary:
      "Gives an arm without users another version; adds it with weight 0 when it is not there",
    fields: { arm: text, version: text },
    required: ["arm", "version"],
    empty: { arm: "", version: "" },
  }),
  verb({
    name: "setSteps",
    summary: "Steps for the canary; begins with the first at once",
    fields: { steps: list(step, maxSteps) },
    required: ["steps"],
    empty: { steps: [] as Step[] },
  }),
  verb({
    name: "promote",
    summary: "To the next step, or fully: the canary's version becomes the stable one",
    fields: {
      full: flag,
      force: describe(flag, "Although no server holds the canary's version, by what routers see."),
    },
    empty: { full: false, force: false },
  }),
  verb({ name: "pause", summary: "Stops the steps where they are", fields: {}, empty: {} }),
  verb({ name: "resume", summary: "Goes on with the steps", fields: {}, empty: {} }),
  verb({ name: "abort", summary: "Everybody back to the stable arm", fields: {}, empty: {} }),
  verb({
    name: "undo",
    summary: "Back to what the arms were before the last change of them, or at a revision",
    fields: { toRevision: int64 },
    empty: { toRevision: 0 },
  }),
  verb({
    name: "adopt",
    summary: "After the store lost changes: publishes the newest that any router holds; role admin",
    fields: {},
    empty: {},
  }),
  verb<"apply", { distribution: string }>({
    name: "apply",
    summary: "A whole distribution; its revision is not looked at; role admin",
    fields: { distribution: anyObject },
    required: ["distribution"],
    empty: { distribution: "" },
    value: ({ distribution }) => ({ distributionJson: distribution }),
  }),
  verb({
    name: "setKillSwitch",
    summary: "Every query to one arm; empty: off",
    fields: { arm: text },
    required: ["arm"],
    empty: { arm: "" },
  }),
];
