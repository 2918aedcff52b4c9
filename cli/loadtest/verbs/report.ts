import { readResult } from "../../../loadtest/saved-result.ts";
import { judge } from "../../../loadtest/verdict/judge.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { readFormat } from "../results/output-flags.ts";
import { readSlo, sloFlag } from "../results/slo-file.ts";
import { runOutputFlags, tellRun } from "../results/tell-run.ts";
import type { Verb } from "../session.ts";

export const report: Verb = {
  name: "report",
  takes: "RESULT.json [--slo FILE] [--out DIR]",
  summary: "tells a saved run again, judged by another slo.yaml if you like",
  about: `A result that \`loadtest run --out\` or --result saved holds its histograms whole: other percentiles and other limits
can be asked for later. Exits as the run would have.`,
  examples: [
    { command: "report results/result.json --slo strict.yaml", does: "would it have passed?" },
    { command: "report results/result.json --report page.html", does: "the page anew" },
    { command: "report results/result.json -o markdown", does: "for a pull request" },
  ],
  flags: [sloFlag, ...runOutputFlags],
  async run(given, { terminal }) {
    readFormat(given);
    const slo = readSlo(given, terminal);
    const result = readSaved(given.words, terminal);
    return tellRun({ result, verdict: judge(slo, result) }, given, terminal);
  },
};

function readSaved([file, ...others]: readonly string[], { readFile }: Terminal) {
  if (file === undefined || others.length > 0) throw wrong("say which result: one result.json");
  try {
    return readResult(readFile(file));
  } catch (error) {
    throw wrong(`cannot read ${file}: ${(error as Error).message}`);
  }
}
