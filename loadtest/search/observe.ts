import type { RunResult } from "../run-result.ts";
import { judge } from "../verdict/judge.ts";
import type { Slo } from "../verdict/slo.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Observation } from "./rate-search.ts";

/** What a window says of the server. Objectives of arms and backends count where they could be judged. */
export function observe(
  slo: Slo,
  { verdict, result }: { readonly verdict: Verdict; readonly result: RunResult },
): Observation {
  if (verdict.outcome === "fail") return "fails";
  if (verdict.reasons.length > 0) return failsByItself(slo, result) ? "fails" : "invalid";
  const ofAll = verdict.gates.filter(({ objective }) => objective.of.kind === "all");
  return ofAll.every(({ outcome }) => outcome === "pass") ? "holds" : "invalid";
}

/**
 * Calls that waited for a free stream keep the generator from its rate: because the server is too slow, or because it
 * was allowed too few streams. It is the server when those calls that did leave break the objectives, counted from then.
 */
function failsByItself(slo: Slo, result: RunResult): boolean {
  const { counts, invalid, service } = result;
  const hasWaited = counts.waited > 0 && invalid.every(({ rule }) => rule === "rate");
  if (!hasWaited || result.ended !== undefined) return false;
  const left = { ...counts, failed: counts.failed - counts.missed };
  const asLeft = { ...result, invalid: [], counts: left, latency: service };
  return judge(slo, asLeft).outcome === "fail";
}
