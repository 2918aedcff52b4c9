import { isDeepStrictEqual } from "node:util";
import { ServingError } from "../proto/serving-error.ts";
import { type Assignment, createAssignment, defaultAssignment } from "./assignment.ts";
import type { Distribution } from "./distribution.ts";
import type { RouterMeter } from "./meter.ts";
import { checkDistribution } from "./parse-distribution.ts";

/** The newest distribution of each model. */
export interface Assignments {
  readonly apply: (document: Distribution) => boolean;
  readonly current: (model: string) => Distribution | undefined;
  /** The default one for a model without a distribution. */
  readonly of: (model: string) => Assignment;
}

export function createAssignments(meter: RouterMeter): Assignments {
  const byModel = new Map<string, Assignment>();
  const current = (model: string) => byModel.get(model)?.document;
  return {
    apply(given) {
      const document = checkDistribution(given);
      const held = current(document.model);
      if (held !== undefined && !isNewer(document, held)) return false;
      byModel.set(document.model, createAssignment(document));
      meter.applied(document);
      return true;
    },
    current,
    of: (model) => byModel.get(model) ?? defaultAssignment,
  };
}

function isNewer(document: Distribution, held: Distribution): boolean {
  const { model, revision } = document;
  if (revision === held.revision && !isDeepStrictEqual(document, held)) {
    const same = `revision ${revision} of model ${model} is already applied, with other content`;
    throw new ServingError("ABORTED", `${same}; read it, and write revision ${revision + 1}`);
  }
  return revision > held.revision;
}
