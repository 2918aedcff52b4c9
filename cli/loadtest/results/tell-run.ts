import { renderReport } from "../../../loadtest/report/render-report.ts";
import type { RunResult } from "../../../loadtest/run-result.ts";
import { saveResult } from "../../../loadtest/saved-result.ts";
import { junitOf } from "../../../loadtest/verdict/junit.ts";
import { markdownOf } from "../../../loadtest/verdict/markdown.ts";
import { verdictJson } from "../../../loadtest/verdict/verdict-json.ts";
import { verdictLines } from "../../../loadtest/verdict/verdict-lines.ts";
import { exitCode, type Verdict } from "../../../loadtest/verdict/verdict.ts";
import type { Given } from "../../arguments/flag.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import * as flags from "./output-flags.ts";

export const runOutputFlags = [
  ...flags.outputFlags,
  flags.resultFlag,
  flags.reportFlag,
  flags.jsonFlag,
  flags.junitFlag,
  flags.markdownFlag,
] as const;

export interface Told {
  readonly result: RunResult;
  readonly verdict: Verdict;
}

/** Prints and writes what a run found; resolves to the exit code. */
export async function tellRun(told: Told, given: Given, terminal: Terminal): Promise<number> {
  const areWritten = await flags.tell(findingsOf(told), given, terminal);
  return codeOf(told.verdict, areWritten);
}

/** A pass whose files are missing cannot be shown to anybody. */
export function codeOf(verdict: Pick<Verdict, "outcome">, areWritten: boolean): number {
  const code = exitCode(verdict);
  return code === 0 && !areWritten ? 2 : code;
}

function findingsOf({ result, verdict }: Told): flags.Findings {
  const markdown = () => markdownOf(verdict, result);
  const json = () => verdictJson(verdict, result);
  return {
    documents: [
      { file: "result.json", flag: flags.resultFlag, text: () => saveResult(result) },
      { file: "report.html", flag: flags.reportFlag, text: () => renderReport(result, verdict) },
      { file: "verdict.json", flag: flags.jsonFlag, text: json },
      { file: "junit.xml", flag: flags.junitFlag, text: () => junitOf(verdict, result) },
      { file: "summary.md", flag: flags.markdownFlag, text: markdown },
    ],
    printed: { table: () => lines(verdictLines(verdict, result)), json, markdown },
    rescue: () => saveResult(result),
  };
}

export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
