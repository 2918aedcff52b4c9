import {
  formatCount,
  formatDuration,
  formatMs,
  formatRate,
  formatShare,
} from "../../display/figures.ts";
import type { RunResult } from "../run-result.ts";
import { headline } from "./headline.ts";
import { codeSpan, escapeMarkdown, markdownTable } from "./markdown-text.ts";
import { describeGate } from "./describe-gate.ts";
import { failedShares } from "./failed-shares.ts";
import type { Outcome, Verdict } from "./verdict.ts";

const marks: Readonly<Record<Outcome, string>> = {
  pass: "✅ pass",
  fail: "❌ fail",
  invalid: "⚠️ not judged",
};

const icons: Readonly<Record<Outcome, string>> = { pass: "✅", fail: "❌", invalid: "⚠️" };

/** For a pull request or a step summary. */
export function markdownOf(verdict: Verdict, result: RunResult): string {
  const { about, ended } = result;
  const closed = about.loop === "closed" ? ", closed loop, send-based" : "";
  const partial = ended === undefined ? "" : "**PARTIAL**, ";
  const what = `${codeSpan(about.method)} at ${about.targets.map(codeSpan).join(", ")}`;
  const how = `${escapeMarkdown(about.schedule)}${closed}, ${formatDuration(result.tookMs)}`;
  return [
    `### ${icons[verdict.outcome]} ${headline(verdict)}: ${escapeMarkdown(result.name)}`,
    `${partial}${what}; ${how}`,
    ...(verdict.reasons.length > 0 ? [list(verdict.reasons)] : []),
    ...(verdict.gates.length > 0 ? [gateTable(verdict)] : []),
    figureTable(result),
    ...(result.warnings.length > 0 ? [list(result.warnings.map(({ message }) => message))] : []),
  ]
    .join("\n\n")
    .concat("\n");
}

function gateTable({ gates }: Verdict): string {
  const rows = gates.map((gate) => {
    const { name, limit, found, outcome, note } = describeGate(gate);
    return [name, limit, found, marks[outcome], note].map(escapeMarkdown);
  });
  return markdownTable([["gate", "asked for", "found", "", ""], ...rows], "llrll");
}

function figureTable(result: RunResult): string {
  const { counts, latency } = result;
  const { errors, shed } = failedShares(result);
  const quantiles = [0.5, 0.9, 0.99, 0.999].map((share) => formatMs(latency.at(share)));
  const degraded = counts.answers === 0 ? 0 : counts.degraded / counts.answers;
  return markdownTable(
    [
      ["calls", "target", "achieved", "p50", "p90", "p99", "p99.9", "errors", "shed", "degraded"],
      [
        formatCount(counts.due),
        formatRate(counts.targetRate),
        formatRate(counts.achievedRate),
        ...quantiles,
        formatShare(errors),
        formatShare(shed),
        formatShare(degraded),
      ],
    ],
    "rrrrrrrrrr",
  );
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n");
}
