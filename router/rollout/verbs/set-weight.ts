import { ServingError } from "../../../proto/serving-error.ts";
import { reweigh } from "../../reweigh.ts";
import { completeWeights } from "../complete-weights.ts";
import { existing, type VerbOf } from "../subject.ts";

export const setWeight: VerbOf<"set weight"> = (subject, { weights }) => {
  const { distribution } = existing(subject);
  if (Object.keys(weights).length === 0)
    throw new ServingError("INVALID_ARGUMENT", "name an arm and its weight, e.g. canary=250bp");
  const arms = reweigh(distribution, completeWeights(distribution, weights));
  return { distribution: { ...distribution, arms }, state: { phase: "steady" } };
};
