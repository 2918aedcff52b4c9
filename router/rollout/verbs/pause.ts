import { paused } from "../paused.ts";
import { refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";

export const pause: VerbOf<"pause"> = (subject, _, nowMs) => {
  const rollout = existing(subject);
  if (rollout.state.phase === "stepping") return paused(rollout, nowMs, subject.dweltMs);
  throw refuse(
    "pause",
    rollout,
    rollout.state.phase === "paused"
      ? "`resume` goes on, `promote` skips the rest of the step"
      : "only steps can be paused; `set weight` sets weights by hand, `abort` takes everybody back",
  );
};
