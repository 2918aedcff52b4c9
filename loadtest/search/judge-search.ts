import { formatRate } from "../../display/figures.ts";
import type { Objective, Slo } from "../verdict/slo.ts";
import type { Gate, Outcome, Verdict } from "../verdict/verdict.ts";
import type { Found, Limiter } from "./rate-search.ts";
import type { RateSearch } from "./search-rate.ts";

/** Whether the rate that was found is the one that slo.yaml asks for; where it asks for none, whether there is one. */
export function judgeSearch(slo: Slo, { found, windows }: RateSearch): Verdict {
  if (found === undefined) {
    const interrupted = windows.at(-1)?.result.ended?.because ?? "the search was interrupted";
    return { outcome: "invalid", reasons: [interrupted], gates: [] };
  }
  const asked = slo.objectives.filter(({ limit }) => limit.measure === "sustains");
  const gates = asked.map((objective) => judgeRate(objective, found));
  const reasons = found.perSecond > 0 ? [] : [describeFound(found)];
  const outcomes: Outcome[] = [
    ...gates.map(({ outcome }) => outcome),
    found.perSecond > 0 ? "pass" : found.limitedBy === "server" ? "fail" : "invalid",
  ];
  const outcome = outcomes.includes("fail")
    ? "fail"
    : outcomes.includes("invalid")
      ? "invalid"
      : "pass";
  return { outcome, reasons, gates };
}

function judgeRate(objective: Objective, found: Found): Gate {
  const { limit } = objective;
  const perSecond = limit.measure === "sustains" ? limit.perSecond : 0;
  if (found.perSecond >= perSecond) return { objective, outcome: "pass", found: found.perSecond };
  if (found.limitedBy === "server") return { objective, outcome: "fail", found: found.perSecond };
  return { objective, outcome: "invalid", found: found.perSecond, why: describeFound(found) };
}

const limiters: Readonly<Record<Limiter | "most", string>> = {
  server: "more broke the objectives",
  generator:
    "beyond that the generator could not keep its own schedule: this is its limit, not the server's; give it more workers, connections or machines",
  most: "no larger rate was to be tried",
};

const whyNone: Readonly<Record<Limiter | "most", string>> = {
  server: "the objectives broke at every rate that was tried",
  generator:
    "at no rate did the generator keep its own schedule: this machine has too much else to do",
  most: "no rate was to be tried",
};

/** "at least 1,930/s; beyond that the generator could not …". */
export function describeFound({ perSecond, limitedBy }: Found): string {
  if (perSecond === 0) return whyNone[limitedBy];
  const bound = limitedBy === "server" ? "" : "at least ";
  return `${bound}${formatRate(perSecond)}; ${limiters[limitedBy]}`;
}
