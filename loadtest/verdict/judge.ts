import { nearest } from "../../proto/nearest.ts";
import { formatCount, formatRate } from "../../display/figures.ts";
import type { RunResult, Share } from "../run-result.ts";
import { enoughSamples } from "./enough-samples.ts";
import { failedShares } from "./failed-shares.ts";
import { percentileName, type Limit, type Objective, type Scope, type Slo } from "./slo.ts";
import type { Gate, Outcome, Verdict } from "./verdict.ts";

type Judged = Pick<Gate, "outcome" | "found" | "why">;
type LimitOf<Measure> = Extract<Limit, { measure: Measure }>;

/**
 * A run that proves nothing is invalid whatever its figures are. Of a valid one, an objective that it misses makes it
 * fail; when it misses none, but was too short for one, it is invalid too.
 */
export function judge(slo: Slo, result: RunResult): Verdict {
  const separateShed = slo.objectives.some(({ limit }) => limit.measure === "shed");
  const gates = slo.objectives
    .filter(({ limit }) => limit.measure !== "sustains")
    .map((objective) => ({ objective, ...judgeOne(objective, { result, separateShed }) }));
  const all = [...gates, ...judgeRates(slo, gates, result)];

  const { ended, invalid } = result;
  const isPartial = ended !== undefined && ended.by !== "silence";
  if (invalid.length > 0 || isPartial) {
    const messages = invalid.map(({ message }) => message);
    const reasons = messages.length > 0 ? messages : [ended!.because];
    return { outcome: "invalid", reasons, gates: all.map(withdraw) };
  }
  if (ended !== undefined) return { outcome: "fail", reasons: [ended.because], gates: all };
  return { outcome: worst(all), reasons: [], gates: all };
}

/** Its figure is shown, and says nothing. */
function withdraw(gate: Gate): Gate {
  return { ...gate, outcome: "invalid", why: "the run is invalid" };
}

function worst(gates: readonly Gate[]): Outcome {
  if (gates.some(({ outcome }) => outcome === "fail")) return "fail";
  return gates.every(({ outcome }) => outcome === "pass") ? "pass" : "invalid";
}

interface Run {
  readonly result: RunResult;
  /** Shed calls have a limit of their own and are no errors. */
  readonly separateShed: boolean;
}

function judgeOne({ of, limit }: Objective, { result, separateShed }: Run): Judged {
  if (of.kind !== "all") return judgePart(of, limit, result);
  if (limit.measure === "latency") return judgeLatency(limit, result);
  if (limit.measure === "sustains") return unjudged("rates are judged last");
  if (limit.measure === "degraded") return judgeDegraded(limit.most, result.counts);
  const { errors, shed } = failedShares(result);
  if (limit.measure === "shed") return atMost(shed, limit.most);
  return atMost(separateShed ? errors : errors + shed, limit.most);
}

function judgePart(of: Exclude<Scope, { kind: "all" }>, limit: Limit, result: RunResult): Judged {
  const parts = of.kind === "arm" ? result.arms : result.backends;
  const part = Object.hasOwn(parts, of.name) ? parts[of.name] : undefined;
  if (part === undefined) return unjudged(whyNoPart(of, Object.keys(parts)));
  if (limit.measure === "latency") return judgeLatency(limit, part);
  if (limit.measure === "degraded") return judgeDegraded(limit.most, part);
  return unjudged(`${limit.measure} cannot be told per ${of.kind}`);
}

function whyNoPart(
  { kind, name }: { kind: string; name: string },
  seen: readonly string[],
): string {
  if (seen.length === 0) return `no reply said which ${kind} it came from`;
  const near = nearest(name, seen);
  const hint = near === undefined ? `there were ${seen.join(", ")}` : `did you mean ${near}?`;
  return `no reply came from ${kind} ${name}; ${hint}`;
}

/** A percentile of too few calls is not judged at all: it could be read either way. */
function judgeLatency(
  { quantile, mostMs }: LimitOf<"latency">,
  { latency }: Pick<RunResult, "latency">,
): Judged {
  const needed = enoughSamples(quantile);
  if (latency.count >= needed) return atMost(latency.at(quantile), mostMs);
  const name = percentileName(quantile);
  const why = `${formatCount(latency.count)} calls were answered, ${name} needs ${formatCount(needed)}`;
  return latency.count === 0 ? unjudged(why) : { ...unjudged(why), found: latency.at(quantile) };
}

function judgeDegraded(most: number, { answers, degraded }: Omit<Share, "latency">): Judged {
  return answers === 0 ? unjudged("there were no answers") : atMost(degraded / answers, most);
}

function atMost(found: number, most: number): Judged {
  if (Number.isNaN(found)) return unjudged("no call ended");
  return { outcome: found <= most ? "pass" : "fail", found };
}

function unjudged(why: string): Judged {
  return { outcome: "invalid", why };
}

/** A run shows a rate when it had it, steadily, and met all else. */
function judgeRates(slo: Slo, others: readonly Gate[], { counts, about }: RunResult): Gate[] {
  return slo.objectives.flatMap((objective): Gate[] => {
    const { limit } = objective;
    if (limit.measure !== "sustains") return [];
    const found = counts.targetRate;
    if (about.loop === "closed") {
      return [{ objective, ...unjudged("a closed loop has no rate of its own to show") }];
    }
    if (found < limit.perSecond) {
      const why = `this run had ${formatRate(found)}; search for the largest rate, or run at this one`;
      return [{ objective, ...unjudged(why), found }];
    }
    const outcome = worst(others);
    const why = outcome === "invalid" ? { why: "other objectives could not be judged" } : {};
    return [{ objective, outcome, found, ...why }];
  });
}
