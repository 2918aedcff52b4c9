import { formatDuration, formatRate } from "../../display/figures.ts";
import { escapeMarkdown, markdownTable } from "../verdict/markdown-text.ts";
import { plainLine } from "../verdict/plain-line.ts";
import { textTable } from "../../display/text-table.ts";
import { verdictRecord } from "../verdict/verdict-json.ts";
import { exitCode } from "../verdict/verdict.ts";
import type { ScenarioVerdict } from "./judge-scenario.ts";
import type { Claim, Done, Scenario, Seen } from "./scenario.ts";

export interface Played {
  readonly scenario: Scenario;
  readonly seen: Seen;
  readonly verdict: ScenarioVerdict;
}

/** What a terminal shows when a scenario has ended. */
export function scenarioLines({ scenario, seen, verdict }: Played): string[] {
  const { result, done } = seen;
  return [
    `${scenario.name}: ${scenario.summary}`,
    `${plainLine(result.about.schedule)}; ${formatRate(result.counts.achievedRate)} of ${formatRate(result.counts.targetRate)}`,
    ...done.map((one) => plainLine(doneLine(one))),
    "",
    ...textTable(
      [{ head: "must hold" }, { head: "" }, { head: "found" }],
      verdict.claims.map((claim) => [claim.says, wordOf(claim), plainLine(claim.found)]),
    ),
    "",
    ...verdict.reasons.map((reason) => `${verdict.outcome}: ${plainLine(reason)}`),
    headlineOf(verdict),
  ];
}

export function scenarioMarkdown({ scenario, seen, verdict }: Played): string {
  const rows = verdict.claims.map((claim) =>
    [claim.says, wordOf(claim), claim.found].map(escapeMarkdown),
  );
  const notes = [...verdict.reasons, ...seen.done.map(doneLine)];
  return [
    `### ${headlineOf(verdict)}: ${scenario.name}`,
    `${escapeMarkdown(scenario.summary)}; ${escapeMarkdown(seen.result.about.schedule)}`,
    ...(notes.length > 0 ? [notes.map((note) => `- ${escapeMarkdown(note)}`).join("\n")] : []),
    markdownTable([["must hold", "", "found"], ...rows], "lll"),
  ]
    .join("\n\n")
    .concat("\n");
}

/** What scripts read: the invariant, and the run's figures. */
export function scenarioJson({ scenario, seen, verdict }: Played): string {
  const record = {
    format: 1,
    scenario: scenario.name,
    outcome: verdict.outcome,
    exitCode: exitCode(verdict),
    reasons: verdict.reasons,
    claims: verdict.claims,
    done: seen.done,
    capacity: seen.scale.capacity,
    before: seen.before,
    after: seen.after,
    run: verdictRecord({ outcome: verdict.outcome, reasons: [], gates: [] }, seen.result),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function headlineOf({ outcome, claims }: ScenarioVerdict): string {
  if (outcome === "invalid" && claims.every(({ holds }) => holds === true))
    return "INVALID: all of it held, but the run proves nothing";
  return { pass: "PASS", fail: "FAIL", invalid: "INVALID: this run proves nothing" }[outcome];
}

function wordOf({ holds }: Claim): string {
  if (holds === "unknown") return "not judged";
  return holds ? "holds" : "BROKEN";
}

function doneLine({ name, startedMs, endedMs, problem }: Done): string {
  const took = formatDuration(Math.max(0, endedMs - startedMs));
  const at = formatDuration(Math.max(0, startedMs));
  return `at ${at}: ${name}${problem === undefined ? ` (took ${took})` : `, which failed: ${problem}`}`;
}
