import type { Draft, Rollout } from "./rollout.ts";

/** Steps that run stand still, with what is left of the time they stay; everything else is as it was. */
export function paused({ distribution, plan, state }: Rollout, nowMs: number): Draft {
  const same = { distribution, ...(plan && { plan }) };
  if (state.phase !== "stepping") return { ...same, state };
  const { step, sinceMs } = state;
  const dwell = plan?.steps[step]?.dwell;
  const leftMs = typeof dwell === "number" ? Math.max(0, sinceMs + dwell - nowMs) : 0;
  return { ...same, state: { phase: "paused", step, sinceMs: nowMs, leftMs } };
}
