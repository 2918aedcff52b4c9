import type { RunPlan } from "../run-plan.ts";
import type { Schedule } from "../schedule.ts";

/** A plan whose streams suffice for any schedule of the tests. */
export function samplePlan(schedule: Schedule): RunPlan {
  return {
    name: "sample",
    targets: ["127.0.0.1:8500"],
    workload: {
      name: "sample",
      call: { transport: "grpc", path: "/crossfade.v1.RecommenderService/Recommend" },
      requests: [1, 2, 3, 4].map((length) => new Uint8Array(length)),
      metadata: {},
      replies: "recommend",
    },
    schedule,
    seed: 7,
    warmUpMs: 0,
    connections: schedule.kind === "closed" ? 1 : 6,
    streamsPerConnection: 2_000,
    deadlineMs: 10_000,
    workers: 1,
  };
}
