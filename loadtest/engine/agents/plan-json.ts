import type { RunPlan } from "../../run-plan.ts";

/** A plan as JSON: bytes become base64. */
export function planToJson(plan: RunPlan): string {
  const { order, requests, ...workload } = plan.workload;
  return JSON.stringify({
    ...plan,
    workload: {
      ...workload,
      requests: requests.map((request) => Buffer.from(request).toString("base64")),
      ...(order && { order: Array.from(order) }),
    },
  });
}

/** Takes back what `planToJson` made; `assertPlan` says what is wrong with its values. Throws an Error for other JSON. */
export function planFromJson(json: string): RunPlan {
  try {
    const plan = JSON.parse(json) as PlanInJson;
    const { order, requests, ...workload } = plan.workload;
    return {
      ...plan,
      workload: {
        ...workload,
        requests: requests.map((request) => new Uint8Array(Buffer.from(request, "base64"))),
        ...(order && { order: Uint32Array.from(order) }),
      },
    };
  } catch (cause) {
    throw new Error(`this is not a plan: ${(cause as Error).message}`, { cause });
  }
}

interface PlanInJson extends Omit<RunPlan, "workload"> {
  readonly workload: Omit<RunPlan["workload"], "requests" | "order"> & {
    readonly requests: readonly string[];
    readonly order?: readonly number[];
  };
}
