import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../backends/clock.ts";
import { ServingError } from "../proto/serving-error.ts";
import { type Assignment, createAssignment, defaultAssignment } from "./assignment.ts";
import { bucketCount } from "./bucket.ts";
import type { Distribution } from "./distribution.ts";
import { assertLowerable, lowerDistribution } from "./lowered-distribution.ts";
import type { RouterMeter } from "./meter.ts";
import { createObserving, type Observing } from "./observe/observing.ts";
import { checkDistribution } from "./parse-distribution.ts";
import type { Lowered } from "./lowered-distribution.ts";

/** The newest distribution of each model, and what this router alone makes less of it. */
export interface Assignments {
  readonly apply: (document: Distribution) => boolean;
  readonly lower: (model: string, lowered: Lowered) => void;
  /** The default one for a model without a distribution. */
  readonly of: (model: string) => Assignment;
  readonly held: (model: string) => Held | undefined;
  readonly models: () => readonly string[];
  /** Calls off what is still to happen by itself. */
  readonly close: () => void;
}

/** One model's. */
export interface Held {
  /** As it was applied, whatever was lowered. */
  readonly document: Distribution;
  /** Milliseconds since 1970. */
  readonly appliedAtMs: number;
  readonly observing: Observing;
  readonly lowered: Lowered | undefined;
}

export interface AssignmentsOptions {
  readonly meter: Pick<RouterMeter, "applied">;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

export function createAssignments({ meter, clock, nowMs }: AssignmentsOptions): Assignments {
  const byModel = new Map<string, Held>();
  // Apart from what is held, since every query looks one up.
  const assignments = new Map<string, Assignment>();
  const endings = new Map<string, () => void>();

  function hold(held: Held): void {
    const { document, observing, lowered } = held;
    const { model } = document;
    const left = lowered && lowerDistribution(document, lowered);
    const inForce = left === undefined ? undefined : lowered;
    const effective = left ?? document;
    observing.routesBy(effective.arms, inForce?.arm);
    byModel.set(model, { ...held, lowered: inForce });
    assignments.set(model, createAssignment(effective, observing));
    endings.get(model)?.();
    endings.delete(model);
    if (inForce !== undefined) endAt(model, inForce.untilMs);
    meter.applied(effective);
  }

  function endAt(model: string, untilMs: number): void {
    const leftMs = Math.max(0, untilMs - nowMs());
    endings.set(
      model,
      clock.at(clock.now() + leftMs, () => end(model, untilMs)),
    );
  }

  /** Timers may fire early, and the clock on the wall may be set. */
  function end(model: string, untilMs: number): void {
    if (nowMs() < untilMs) endAt(model, untilMs);
    else hold({ ...byModel.get(model)!, lowered: undefined });
  }

  return {
    apply(given) {
      const document = checkDistribution(given);
      const held = byModel.get(document.model);
      if (held !== undefined && !isNewer(document, held.document)) return false;
      const observing = createObserving(document, clock);
      hold({ document, appliedAtMs: nowMs(), observing, lowered: held?.lowered });
      return true;
    },
    lower(model, lowered) {
      const held = byModel.get(model);
      if (held === undefined)
        throw new ServingError("NOT_FOUND", `this router has no distribution of model ${model}`);
      assertLowerable(held.document, lowered, nowMs());
      assertNoOther(held, lowered);
      hold({ ...held, lowered: lowered.weight === bucketCount ? undefined : lowered });
    },
    of: (model) => assignments.get(model) ?? defaultAssignment,
    held: (model) => byModel.get(model),
    models: () => [...byModel.keys()],
    close() {
      for (const callOff of endings.values()) callOff();
      endings.clear();
    },
  };
}

/** Taking the place of another arm's would raise that one. */
function assertNoOther({ lowered: held, document }: Held, { arm }: Lowered): void {
  if (held === undefined || held.arm === arm) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `this router has lowered ${held.arm} of ${document.model}, and one arm at a time is all it can lower; end that first`,
  );
}

function isNewer(document: Distribution, held: Distribution): boolean {
  const { model, revision } = document;
  if (revision === held.revision && !isDeepStrictEqual(document, held)) {
    const same = `revision ${revision} of model ${model} is already applied, with other content`;
    throw new ServingError("ABORTED", `${same}; read it, and write revision ${revision + 1}`);
  }
  return revision > held.revision;
}
