import { ServingError } from "../../../proto/serving-error.ts";
import { revisionOf } from "../revision-of.ts";
import type { VerbOf } from "../subject.ts";

/** Steps come back paused: for how long they ran, nobody knows. */
export const adopt: VerbOf<"adopt"> = ({ model, rollout }, { held, highest }) => {
  const kept = revisionOf(rollout);
  if (highest <= kept)
    throw new ServingError(
      "FAILED_PRECONDITION",
      `nothing to adopt for ${model}: the store has revision ${kept}, and no router has a newer one`,
    );
  const { distribution, plan, state } = held;
  const same = { distribution, ...(plan && { plan }) };
  if (state.phase !== "stepping") return { ...same, state };
  const dwell = plan?.steps[state.step]?.dwell;
  const leftMs = typeof dwell === "number" ? dwell : 0;
  return { ...same, state: { ...state, phase: "paused", leftMs } };
};
