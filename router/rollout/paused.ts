import type { Draft, Rollout } from "./rollout.ts";

/**
 * Steps that run stand still, with what is left of the time they stay; everything else is as it was.
 * @param dweltMs Of the step, as far as it was seen; absent: by the times.
 */
export function paused(
  { distribution, plan, state }: Rollout,
  nowMs: number,
  dweltMs?: number,
): Draft {
  const same = { distribution, ...(plan && { plan }) };
  if (state.phase !== "stepping") return { ...same, state };
  const { step, sinceMs } = state;
  const dwell = plan?.steps[step]?.dwell;
  const leftMs =
    typeof dwell === "number"
      ? Math.min(dwell, Math.max(0, dwell - (dweltMs ?? nowMs - sinceMs)))
      : 0;
  return { ...same, state: { phase: "paused", step, sinceMs: nowMs, leftMs } };
}
