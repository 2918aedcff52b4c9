import { ServingError } from "../../../proto/serving-error.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { EarlyEnd } from "../../run-result.ts";
import { nowMs } from "../local-run.ts";
import { interruption } from "../run.ts";
import type { RunReport } from "../run-report.ts";
import type { AgentLine } from "./agent-line.ts";
import type { ClockOffset } from "./measure-clock.ts";

/** An agent that is ready, and how far its clock is ahead. */
export interface Party {
  readonly line: AgentLine;
  readonly clock: ClockOffset;
}

export interface ConductOptions {
  readonly plan: RunPlan;
  /** By our clock. */
  readonly countFromMs: number;
  readonly signal: AbortSignal | undefined;
}

/** For agents to report after they were stopped. */
const stopMs = 10_000;

/** Starts all at the same moment, and stops all when one is lost. Throws when none has reported. */
export async function conduct(
  parties: readonly Party[],
  { plan, countFromMs, signal }: ConductOptions,
): Promise<RunReport[]> {
  let ended: EarlyEnd | undefined;
  let timer: NodeJS.Timeout | undefined;

  function stop(why: EarlyEnd): void {
    if (ended) return;
    ended = why;
    for (const { line } of parties) line.stop(why.because);
    timer = setTimeout(() => {
      for (const { line } of parties) line.close();
    }, stopMs);
  }

  const interrupt = () => stop(interruption(plan, nowMs() - countFromMs));
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  try {
    const reports = await Promise.all(
      parties.map(async (party) => {
        try {
          return [
            reportOf(party, countFromMs, await party.line.start(countFromMs + party.clock.aheadMs)),
          ];
        } catch (error) {
          stop({ by: "lost-agent", because: (error as Error).message });
          return [];
        }
      }),
    );
    if (reports.flat().length === 0)
      throw new ServingError("UNAVAILABLE", `no agent has reported: ${ended?.because}`);
    // They were told to stop, and not why.
    return reports.flat().map((report) => (ended ? { ...report, ended } : report));
  } finally {
    signal?.removeEventListener("abort", interrupt);
    clearTimeout(timer);
  }
}

function reportOf({ line, clock }: Party, countFromMs: number, report: RunReport): RunReport {
  const { machine } = report.generator;
  return {
    ...report,
    startedAtMs: countFromMs,
    generator: {
      name: line.address,
      machine,
      clockAheadMs: clock.aheadMs,
      clockErrorMs: clock.errorMs,
    },
  };
}
