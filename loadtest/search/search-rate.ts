import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import { judge } from "../verdict/judge.ts";
import type { Slo } from "../verdict/slo.ts";
import type { Verdict } from "../verdict/verdict.ts";
import {
  beginSearch,
  next,
  type Found,
  type Observation,
  type SearchOptions,
} from "./rate-search.ts";
import { observe } from "./observe.ts";
import { windowMs } from "./windows.ts";

export interface RateSearchOptions extends Partial<SearchOptions> {
  /** Its schedule's kind of arrivals is kept; rate and length are the search's. */
  readonly plan: RunPlan;
  /** Objectives of arms and backends count where a window has calls enough to judge them. */
  readonly slo: Slo;
  /** How long a window is at least. Default 15,000: shorter ones find a rate that differs more from time to time. */
  readonly windowMs?: number;
  /** Runs one window. */
  readonly run: (plan: RunPlan) => Promise<RunResult>;
  readonly onWindow?: (window: SearchWindow) => void;
}

export interface SearchWindow {
  readonly perSecond: number;
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly result: RunResult;
}

export interface RateSearch {
  /** Absent: it was interrupted, and the windows are what is known. */
  readonly found?: Found;
  readonly windows: readonly SearchWindow[];
}

/** Runs windows until the largest rate at which the SLO holds is known. */
export async function searchRate(options: RateSearchOptions): Promise<RateSearch> {
  const { plan, run, onWindow, windowMs: leastMs = 15_000 } = options;
  // The rate itself is what is looked for.
  const objectives = options.slo.objectives.filter(({ limit }) => limit.measure !== "sustains");
  const slo: Slo = { objectives };
  const windows: SearchWindow[] = [];
  let state = beginSearch(options);
  while (state.found === undefined) {
    const { perSecond } = state.trial;
    const forMs = windowMs({ slo, perSecond, leastMs, deadlineMs: plan.deadlineMs });
    const result = await run(planAt(plan, perSecond, forMs));
    const verdict = judge(slo, result);
    const observation = observe(slo, { verdict, result });
    const window = { perSecond, observation, verdict, result };
    windows.push(window);
    onWindow?.(window);
    if (result.ended?.by === "interrupt") return { windows };
    state = next(state, observation);
  }
  return { found: state.found, windows };
}

function planAt(plan: RunPlan, perSecond: number, forMs: number): RunPlan {
  const kind = plan.schedule.kind === "constant" ? "constant" : "poisson";
  return { ...plan, schedule: { kind, perSecond, forMs } };
}
