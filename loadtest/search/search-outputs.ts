import { formatMs, formatRate, formatShare } from "../../display/figures.ts";
import { describeGate } from "../verdict/describe-gate.ts";
import { failedShares } from "../verdict/failed-shares.ts";
import { headline } from "../verdict/headline.ts";
import { codeSpan, escapeMarkdown, markdownTable } from "../verdict/markdown-text.ts";
import { plainLine } from "../verdict/plain-line.ts";
import { textTable } from "../../display/text-table.ts";
import { exitCode, type Verdict } from "../verdict/verdict.ts";
import { describeFound } from "./judge-search.ts";
import type { RateSearch, SearchWindow } from "./search-rate.ts";

export interface JudgedSearch {
  readonly search: RateSearch;
  readonly verdict: Verdict;
}

const heads = ["rate", "", "p50", "p99", "errors"];

/** What a terminal shows when a search has ended. */
export function searchLines({ search, verdict }: JudgedSearch): string[] {
  const columns = heads.map((head, at) => ({ head, align: at === 1 ? "left" : "right" }) as const);
  return [
    ...textTable(columns, search.windows.map(windowCells)),
    "",
    ...verdict.reasons.map((reason) => `${verdict.outcome}: ${plainLine(reason)}`),
    ...verdict.gates.map((gate) => {
      const { name, limit, found, note } = describeGate(gate);
      return plainLine(`${name} ${limit}: ${found} ${note}`);
    }),
    `${headline(verdict)}: ${foundText(search)}`,
  ];
}

export function searchMarkdown({ search, verdict }: JudgedSearch): string {
  const rows = search.windows.map((window) => windowCells(window).map(escapeMarkdown));
  const method = search.windows[0]?.result.about.method;
  return [
    `### ${escapeMarkdown(`${headline(verdict)}: ${foundText(search)}`)}`,
    ...(method === undefined ? [] : [codeSpan(method)]),
    markdownTable([heads, ...rows], "rlrrr"),
  ]
    .join("\n\n")
    .concat("\n");
}

/** What scripts read. */
export function searchJson({ search: { found, windows }, verdict }: JudgedSearch): string {
  const record = {
    format: 1,
    outcome: verdict.outcome,
    exitCode: exitCode(verdict),
    reasons: verdict.reasons,
    found,
    windows: windows.map(({ perSecond, observation, result }) => ({
      perSecond,
      observation,
      startedAt: new Date(result.startedAtMs).toISOString(),
      p50Ms: result.latency.at(0.5),
      p99Ms: result.latency.at(0.99),
      shares: failedShares(result),
      invalid: result.invalid,
    })),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function foundText({ found }: RateSearch): string {
  return found === undefined ? "the search was interrupted" : describeFound(found);
}

/** One window, by columns as above. */
export function windowCells({ perSecond, observation, result }: SearchWindow): readonly string[] {
  const { errors, shed } = failedShares(result);
  const at = (share: number) => formatMs(result.latency.at(share));
  return [formatRate(perSecond), observation, at(0.5), at(0.99), formatShare(errors + shed)];
}
