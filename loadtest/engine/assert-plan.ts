import type { RunPlan } from "../run-plan.ts";
import { scheduleProblems } from "./schedule-problems.ts";
import { within, whole } from "./bounds.ts";

/** What `assertPlan` throws: all that is wrong with a plan, a sentence each. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`this run cannot be:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** Throws a PlanError. */
export function assertPlan(plan: RunPlan): void {
  const problems = [...planProblems(plan), ...scheduleProblems(plan), ...workloadProblems(plan)];
  if (problems.length > 0) throw new PlanError(problems);
}

function planProblems(plan: RunPlan): string[] {
  const { targets, connections, workers, cancels, maxSilenceMs, spinMs } = plan;
  return [
    ...(targets.length === 0 ? ["targets is empty: name at least one, e.g. 127.0.0.1:8500"] : []),
    ...whole("connections", connections, [1, 10_000]),
    ...whole("streamsPerConnection", plan.streamsPerConnection, [1, 10_000]),
    ...whole("workers", workers, [1, 256]),
    ...within("deadlineMs", plan.deadlineMs, [1, 60_000]),
    ...within("warmUpMs", plan.warmUpMs, [0, 3_600_000]),
    ...whole("seed", plan.seed, [-(2 ** 31), 2 ** 32]),
    ...(cancels ? whole("cancels.basisPoints", cancels.basisPoints, [0, 10_000]) : []),
    ...(cancels ? within("cancels.afterMs", cancels.afterMs, [0, 60_000]) : []),
    ...(maxSilenceMs === undefined ? [] : within("maxSilenceMs", maxSilenceMs, [100, 3_600_000])),
    ...(spinMs === undefined ? [] : within("spinMs", spinMs, [0, 1_000])),
    ...fewConnections("workers", workers, connections),
    ...fewConnections("targets", targets.length, connections),
  ];
}

function fewConnections(name: string, count: number, connections: number): string[] {
  if (connections >= count) return [];
  return [`connections is ${connections} for ${count} ${name}: allow at least one for each`];
}

function workloadProblems({ workload, streamsPerConnection }: RunPlan): string[] {
  const { requests, order, call } = workload;
  const problems: string[] = [];
  if (requests.length === 0) problems.push("workload.requests is empty: there is nothing to send");
  if (order?.length === 0)
    problems.push("workload.order is empty: leave it out to take requests in turn");
  const wrong = order?.find((index) => index >= requests.length);
  if (wrong !== undefined)
    problems.push(`workload.order names request ${wrong}, and there are ${requests.length}`);
  if (call.transport === "http" && streamsPerConnection !== 1)
    problems.push(
      `streamsPerConnection is ${streamsPerConnection}: HTTP/1.1 carries one call at a time; set it to 1 and connections to how many may be in flight`,
    );
  return problems;
}
