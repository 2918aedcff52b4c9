import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { cancelStorm } from "./list/cancel-storm.ts";
import { canaryFlip } from "./list/canary-flip.ts";
import { hotSwap } from "./list/hot-swap.ts";
import { slowBackend } from "./list/slow-backend.ts";
import { spike } from "./list/spike.ts";
import { steady } from "./list/steady.ts";
import { steps } from "./list/steps.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  steady,
  steps,
  spike,
  slowBackend,
  cancelStorm,
  canaryFlip,
  hotSwap,
];

/** NOT_FOUND with the nearest for one that is not there. */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = scenarios.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new ServingError("NOT_FOUND", `there is no scenario "${name}"; ${hint}`);
}
