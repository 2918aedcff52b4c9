import type { RunResult } from "../run-result.ts";
import { describeGate } from "./describe-gate.ts";
import { failedShares } from "./failed-shares.ts";
import { scopeName, percentileName } from "./slo.ts";
import { exitCode, type Gate, type Verdict } from "./verdict.ts";

const quantiles = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];

export function verdictJson(verdict: Verdict, result: RunResult): string {
  return `${JSON.stringify(verdictRecord(verdict, result), undefined, 2)}\n`;
}

/** What scripts read: figures and gates with numbers. The whole result with its histograms is saved beside it. */
export function verdictRecord(verdict: Verdict, result: RunResult): object {
  const { name, about, counts, startedAtMs, tookMs, ended, invalid, warnings, codes } = result;
  const { errors, shed } = failedShares(result);
  return {
    format: 1,
    name,
    outcome: verdict.outcome,
    exitCode: exitCode(verdict),
    reasons: verdict.reasons,
    startedAt: new Date(startedAtMs).toISOString(),
    tookMs,
    ...(ended === undefined ? {} : { ended }),
    invalid,
    warnings,
    about,
    counts,
    codes,
    shares: {
      errors: finite(errors),
      shed: finite(shed),
      degraded: finite(counts.degraded / counts.answers),
    },
    latencyMs: percentiles(result.latency),
    serviceMs: percentiles(result.service),
    arms: parts(result.arms),
    backends: parts(result.backends),
    generator: result.generator,
    gates: verdict.gates.map(gateRecord),
  };
}

function gateRecord(gate: Gate): object {
  const { objective, outcome, found } = gate;
  const { name, limit, note } = describeGate(gate);
  return {
    name,
    of: scopeName(objective.of),
    limit: objective.limit,
    asked: limit,
    found,
    outcome,
    where: objective.where,
    why: note || undefined,
  };
}

function percentiles(histogram: RunResult["latency"]): Record<string, number> | undefined {
  if (histogram.count === 0) return undefined;
  const values = quantiles.map((share) => [percentileName(share), histogram.at(share)]);
  return {
    count: histogram.count,
    mean: histogram.meanMs,
    ...Object.fromEntries(values),
    max: histogram.maxMs,
  };
}

function parts(shares: RunResult["arms"]): Record<string, object> {
  return Object.fromEntries(
    Object.entries(shares).map(([name, { answers, degraded, latency }]) => [
      name,
      { answers, degraded, latencyMs: percentiles(latency) },
    ]),
  );
}

/** JSON has no NaN: nothing was counted. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
