import { nearest } from "../../../proto/nearest.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Control } from "../control.ts";

const mostShown = 20;

export function unknownRollout(control: Control, model: string): ServingError {
  const models = control.rollouts().map(({ distribution }) => distribution.model);
  const meant = nearest(model, models);
  const others = models.slice(0, mostShown).join(", ");
  const hint = meant === undefined ? `there are ${others}` : `did you mean ${meant}?`;
  const what = `no rollout of ${JSON.stringify(model)}`;
  const begin = "`crossfade rollout set version stable=VERSION` begins one";
  return new ServingError("NOT_FOUND", `${what}; ${models.length === 0 ? begin : hint}`);
}
