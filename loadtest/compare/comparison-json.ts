import { exitCode } from "../verdict/verdict.ts";
import type { Comparison } from "./comparison.ts";

export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparisonRecord(comparison), undefined, 2)}\n`;
}

/** What scripts read: differences with numbers, and what each run showed. */
export function comparisonRecord(comparison: Comparison): object {
  const { names, outcome, reasons, notes, differences, runs } = comparison;
  return {
    format: 1,
    names,
    outcome,
    exitCode: exitCode(comparison),
    reasons,
    notes,
    differences: differences.map(({ metric: { name, unit, better, floor }, ...figures }) => ({
      name,
      unit,
      better,
      floor,
      ...figures,
    })),
    runs: runs.map(({ side, round, sample, result }) => ({
      side,
      round,
      startedAt: new Date(result.startedAtMs).toISOString(),
      sample,
      invalid: result.invalid,
      ended: result.ended,
    })),
  };
}
