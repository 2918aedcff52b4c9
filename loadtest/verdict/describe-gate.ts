import { formatMs, formatRate, formatShare } from "../../display/figures.ts";
import { objectiveName, type Limit } from "./slo.ts";
import type { Gate, Outcome } from "./verdict.ts";

/** A gate in words, for every output alike. */
export interface GateText {
  /** "p99", "arm canary: degraded". */
  readonly name: string;
  /** "at most 25.0 ms". */
  readonly limit: string;
  /** "18.3 ms". */
  readonly found: string;
  readonly outcome: Outcome;
  /** What a reader should know beside: why it was not judged, or that nobody wrote it. */
  readonly note: string;
}

export function describeGate(gate: Gate): GateText {
  const { objective, outcome, found, why } = gate;
  const implied = objective.where === undefined ? "not in slo.yaml: follows by itself" : "";
  return {
    name: objectiveName(objective),
    limit: describeLimit(objective.limit),
    found: found === undefined ? "–" : inUnitOf(objective.limit, found),
    outcome,
    note: why ?? implied,
  };
}

/** "p99 is 31.2 ms, allowed is at most 25.0 ms (slo.yaml:3)". */
export function explainGate(gate: Gate): string {
  const { name, limit, found, note } = describeGate(gate);
  const where = gate.objective.where === undefined ? "" : ` (${gate.objective.where})`;
  if (gate.outcome === "invalid") return `${name} was not judged: ${note}${where}`;
  return `${name} is ${found}, asked for is ${limit}${where}`;
}

function describeLimit(limit: Limit): string {
  if (limit.measure === "latency") return `at most ${formatMs(limit.mostMs)}`;
  if (limit.measure === "sustains") return `at least ${formatRate(limit.perSecond)}`;
  return `at most ${formatShare(limit.most)}`;
}

function inUnitOf(limit: Limit, value: number): string {
  if (limit.measure === "latency") return formatMs(value);
  return limit.measure === "sustains" ? formatRate(value) : formatShare(value);
}
