import { ServingError } from "../../../proto/serving-error.ts";
import { parseDistribution } from "../../parse-distribution.ts";
import type { VerbOf } from "../subject.ts";

export const apply: VerbOf<"apply"> = ({ model }, { json }) => {
  const distribution = parseDistribution(json, "the distribution", { revision: 1 });
  if (distribution.model === model) return { distribution, state: { phase: "steady" } };
  throw new ServingError(
    "INVALID_ARGUMENT",
    `the distribution is one of model ${distribution.model}, and it is to be applied to ${model}`,
  );
};
