import { ServingError } from "../../../proto/serving-error.ts";
import { formatMs } from "../../../display/figures.ts";
import type { RunPlan, TargetTls } from "../../run-plan.ts";
import type { RunResult } from "../../run-result.ts";
import { assertPlan, PlanError } from "../assert-plan.ts";
import { createProgressBoard } from "../progress.ts";
import { resultOf } from "../result-of.ts";
import { startOf, type RunOptions } from "../run.ts";
import { openAgentLine, type AgentLine } from "./agent-line.ts";
import { conduct } from "./conduct.ts";
import type { ClockOffset } from "./measure-clock.ts";

export interface RunOnAgentsOptions extends RunOptions {
  /** Addresses. Each agent has `plan.workers` threads, and its share of the connections and calls. */
  readonly agents: readonly string[];
  readonly token?: string;
  /** Absent: agents are spoken to in plain text. */
  readonly agentTls?: TargetTls;
}

/** Agents start within this of each other, or not at all. */
const mostClockErrorMs = 50;
const progressMs = 500;

/**
 * Runs a plan from several machines at once, as if they were one. Rejects where `run` does, and when an agent cannot be
 * reached, is busy, or has a clock that cannot be compared. One that is lost later makes the result partial.
 */
export async function runOnAgents(plan: RunPlan, options: RunOnAgentsOptions): Promise<RunResult> {
  const { agents, signal, onProgress } = options;
  assertPlan(plan);
  assertEnough(plan, agents);
  const board = createProgressBoard();
  const lines = agents.map((address, index) =>
    openAgentLine(address, {
      ...lineOptions(options),
      onProgress: (progress) => board.told(index, progress),
    }),
  );
  const timer = setInterval(() => {
    const progress = board.progress();
    if (progress) onProgress?.(progress);
  }, progressMs);
  try {
    const clocks = await Promise.all(lines.map(compareClocks));
    const of = lines.length;
    await Promise.all(lines.map((line, index) => line.prepare(plan, { index, of })));
    const countFromMs = startOf(plan, Math.max(...clocks.map(({ roundTripMs }) => roundTripMs)));
    const parties = lines.map((line, index) => ({ line, clock: clocks[index]! }));
    return resultOf(plan, await conduct(parties, { plan, countFromMs, signal }));
  } finally {
    clearInterval(timer);
    for (const line of lines) line.close();
  }
}

async function compareClocks(line: AgentLine): Promise<ClockOffset> {
  const clock = await line.compareClocks();
  if (clock.errorMs <= mostClockErrorMs) return clock;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `agent ${line.address}: its clock can be compared to ${formatMs(clock.errorMs)} only, and agents are to start within ${mostClockErrorMs} ms of each other: run the coordinator nearer to it`,
  );
}

function lineOptions({ token, agentTls }: RunOnAgentsOptions) {
  if (agentTls === undefined) return { ...(token !== undefined && { token }) };
  const { serverAuthority, certificate, key } = agentTls;
  const hasOwn = certificate !== undefined && key !== undefined;
  const channel = { serverAuthority, ...(hasOwn && { certificates: { certificate, key } }) };
  return { channel, ...(token !== undefined && { token }) };
}

function assertEnough({ connections, workers }: RunPlan, agents: readonly string[]): void {
  const problems: string[] = [];
  if (agents.length === 0) problems.push("agents is empty: name at least one, e.g. 10.0.0.7:8600");
  if (new Set(agents).size < agents.length) problems.push("agents names one of them twice");
  if (connections < workers * agents.length)
    problems.push(
      `connections is ${connections} for ${agents.length} agents with ${workers} workers each: allow at least one for each`,
    );
  if (problems.length > 0) throw new PlanError(problems);
}
