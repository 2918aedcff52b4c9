import { formatCount, formatMs, formatRate, formatShare } from "../../display/figures.ts";
import type { RunResult } from "../run-result.ts";
import { plainLine } from "./plain-line.ts";
import { headline } from "./headline.ts";
import { describeGate } from "./describe-gate.ts";
import { failedShares } from "./failed-shares.ts";
import { textTable } from "../../display/text-table.ts";
import type { Outcome, Verdict } from "./verdict.ts";

const words: Readonly<Record<Outcome, string>> = {
  pass: "pass",
  fail: "FAIL",
  invalid: "not judged",
};

/** What a terminal shows when a run has ended: its figures, the gates, the verdict last. */
export function verdictLines(verdict: Verdict, result: RunResult): string[] {
  const gates = verdict.gates.map((gate) => {
    const { name, limit, found, outcome, note } = describeGate(gate);
    return [name, limit, found, words[outcome], note].map(plainLine);
  });
  const columns = [
    { head: "gate" },
    { head: "asked for" },
    { head: "found", align: "right" },
    { head: "" },
    { head: "" },
  ] as const;
  const notes = result.warnings.map(({ message }) => message);
  return [
    ...figureLines(result),
    ...(gates.length > 0 ? ["", ...textTable(columns, gates)] : []),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `note: ${plainLine(note)}`)] : []),
    "",
    ...(result.ended === undefined ? [] : [`PARTIAL: ${plainLine(result.ended.because)}`]),
    ...verdict.reasons.map((reason) => `${verdict.outcome}: ${plainLine(reason)}`),
    lastLine(verdict),
  ];
}

function lastLine(verdict: Verdict): string {
  if (verdict.outcome === "invalid") return "INVALID: this run proves nothing";
  return verdict.gates.length > 0 ? headline(verdict) : "VALID; no objectives were given";
}

function figureLines(result: RunResult): string[] {
  const { counts, about, latency, service } = result;
  const { errors, shed } = failedShares(result);
  const loop = about.loop === "closed" ? " (closed loop, send-based)" : "";
  const codes = Object.entries(result.codes)
    .filter(([name]) => name !== "OK")
    .map(([name, count]) => [
      plainLine(name),
      formatCount(count),
      plainLine(result.messages[name] ?? ""),
    ]);
  const quantiles = [0.5, 0.9, 0.99, 0.999, 1];
  const row = (name: string, of: RunResult["latency"]) => [
    name,
    ...quantiles.map((share) => (of.count === 0 ? "–" : formatMs(of.at(share)))),
  ];
  return [
    `${plainLine(result.name)}: ${plainLine(about.method)} at ${about.targets.map(plainLine).join(", ")}, ${plainLine(about.schedule)}${loop}`,
    `${formatCount(counts.due)} calls, ${formatRate(counts.achievedRate)} of ${formatRate(counts.targetRate)}, errors ${formatShare(errors)}, shed ${formatShare(shed)}, degraded ${formatShare(counts.degraded / Math.max(1, counts.answers))}`,
    "",
    ...textTable(
      [{ head: "" }, ...["p50", "p90", "p99", "p99.9", "max"].map(rightColumn)],
      [row("latency", latency), ...(about.loop === "open" ? [row("service time", service)] : [])],
    ),
    ...(codes.length === 0
      ? []
      : [
          "",
          ...textTable(
            [{ head: "status" }, rightColumn("calls"), { head: "first message" }],
            codes,
          ),
        ]),
  ];
}

function rightColumn(head: string) {
  return { head, align: "right" } as const;
}
