import { renderSearch } from "../../../loadtest/report/render-search.ts";
import type { Schedule } from "../../../loadtest/schedule.ts";
import { judgeSearch } from "../../../loadtest/search/judge-search.ts";
import {
  searchJson,
  searchLines,
  searchMarkdown,
  windowCells,
} from "../../../loadtest/search/search-outputs.ts";
import { searchRate } from "../../../loadtest/search/search-rate.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { parsePercentage } from "../../arguments/read-numbers.ts";
import { readTime } from "../../arguments/read-time.ts";
import { wrong } from "../../arguments/wrong.ts";
import { openGenerators, senderFlags } from "../generators.ts";
import { loadFlags, readPlan } from "../plan/read-plan.ts";
import { rateIn } from "../plan/schedule-flags.ts";
import { targetFlag } from "../plan/target-flags.ts";
import * as outputs from "../results/output-flags.ts";
import { readSlo, sloFlag } from "../results/slo-file.ts";
import { codeOf, lines } from "../results/tell-run.ts";
import type { Verb } from "../session.ts";

const start: Flag = {
  name: "--from",
  value: "RATE",
  help: "the first that is tried (default 100/s)",
};
const least: Flag = { name: "--least", value: "RATE", help: "none below is tried (default 1/s)" };
const most: Flag = {
  name: "--most",
  value: "RATE",
  help: "none above is tried (default 1000000/s)",
};
const precision: Flag = {
  name: "--precision",
  value: "SHARE",
  help: "ends when it is known this exactly (default 2%)",
};
const window: Flag = {
  name: "--window",
  value: "TIME",
  help: "how long each rate is tried at least (default 15s)",
};
const even: Flag = {
  name: "--even",
  help: "calls at equal distances, not as independent callers come",
};

const outputFlags = [
  ...outputs.outputFlags,
  outputs.reportFlag,
  outputs.jsonFlag,
  outputs.markdownFlag,
] as const;

export const search: Verb = {
  name: "search",
  takes: "--target HOST:PORT --slo FILE",
  summary: "finds the largest rate at which slo.yaml is met",
  about: `Tries one rate after another, each in a run of its own, until it is known between which rates the objectives break; the
rate that is found held in three windows in a row. When slo.yaml says what the target must sustain ("sustains: 2000/s"),
that is judged. Exits with 2 when the generator, not the target, was the limit.`,
  examples: [
    { command: "search -t 127.0.0.1:8500 --slo slo.yaml", does: "a few minutes" },
    {
      command: "search -t 127.0.0.1:8500 --slo slo.yaml --from 1000/s --precision 5% --window 5s",
      does: "faster, and not so exactly",
    },
  ],
  flags: [
    targetFlag,
    sloFlag,
    start,
    least,
    most,
    precision,
    window,
    even,
    ...outputFlags,
    ...senderFlags,
    ...loadFlags,
  ],
  async run(given, session) {
    outputs.readFormat(given);
    const { terminal } = session;
    if (!given.has(sloFlag)) throw wrong("say what must be met: --slo FILE");
    const slo = readSlo(given, terminal);
    const options = readOptions(given);
    const kind = given.has(even) ? "constant" : "poisson";
    const schedule: Schedule = { kind, perSecond: 1, forMs: 1_000 };
    const run = openGenerators(given, session);
    const plan = await readPlan({ given, terminal, schedule });
    const onWindow = (seen: Parameters<typeof windowCells>[0]) =>
      terminal.complain(`${windowCells(seen).join("  ")}\n`);
    const found = await searchRate({ plan, slo, run, onWindow, ...options });
    const judged = { search: found, verdict: judgeSearch(slo, found) };
    const { verdict } = judged;
    const page = () => renderSearch({ name: plan.name, slo, ...judged });
    const json = () => searchJson(judged);
    const markdown = () => searchMarkdown(judged);
    const areWritten = await outputs.tell(
      {
        documents: [
          { file: "report.html", flag: outputs.reportFlag, text: page },
          { file: "search.json", flag: outputs.jsonFlag, text: json },
          { file: "summary.md", flag: outputs.markdownFlag, text: markdown },
        ],
        printed: { table: () => lines(searchLines(judged)), json, markdown },
        rescue: json,
      },
      given,
      terminal,
    );
    return codeOf(verdict, areWritten);
  },
};

function readOptions(given: Given) {
  const rateOf = (flag: Flag) => {
    const text = given.value(flag);
    return text === undefined ? undefined : rateIn(text, flag);
  };
  const [startPerSecond, leastPerSecond, mostPerSecond] = [start, least, most].map(rateOf);
  const windowMs = readTime(given, window);
  const share = readPrecision(given);
  return {
    ...(startPerSecond !== undefined && { startPerSecond }),
    ...(leastPerSecond !== undefined && { leastPerSecond }),
    ...(mostPerSecond !== undefined && { mostPerSecond }),
    ...(windowMs !== undefined && { windowMs }),
    ...(share !== undefined && { precision: share }),
  };
}

function readPrecision(given: Given): number | undefined {
  const text = given.value(precision);
  if (text === undefined) return undefined;
  const basisPoints = parsePercentage(text);
  if (basisPoints !== undefined && basisPoints >= 10 && basisPoints <= 5_000)
    return basisPoints / 10_000;
  throw wrong(`--precision is "${text}"; it must be from 0.1% to 50%`);
}
