import type { run } from "../../../loadtest/engine/run.ts";
import type { RunPlan } from "../../../loadtest/run-plan.ts";

const forMs = 1_500;
const callers = 16;
const leastPerSecond = 20;

/** What a closed loop of a few callers reaches on this machine, with generator and servers on it, per second. */
export async function calibrate(
  plan: Omit<RunPlan, "schedule" | "name">,
  { run: send, signal }: { readonly run: typeof run; readonly signal: AbortSignal },
): Promise<number> {
  const schedule = { kind: "closed", streams: callers, forMs } as const;
  const own = { connections: 4, streamsPerConnection: callers / 4, warmUpMs: 500 };
  const result = await send({ ...plan, ...own, name: "calibration", schedule }, { signal });
  signal.throwIfAborted();
  return Math.max(leastPerSecond, Math.round(result.counts.goodput));
}
