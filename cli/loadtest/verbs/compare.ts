import { comparisonJson } from "../../../loadtest/compare/comparison-json.ts";
import { comparisonLines } from "../../../loadtest/compare/comparison-lines.ts";
import { comparisonMarkdown } from "../../../loadtest/compare/comparison-markdown.ts";
import { compareSides, type Side } from "../../../loadtest/compare/compare-sides.ts";
import type { ComparedRun } from "../../../loadtest/compare/comparison.ts";
import { openServerCpu } from "../../../loadtest/compare/server-cpu.ts";
import { formatMs } from "../../../display/figures.ts";
import { renderComparison } from "../../../loadtest/report/render-comparison.ts";
import { plainLine } from "../../../loadtest/verdict/plain-line.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { wrong } from "../../arguments/wrong.ts";
import { openGenerators, senderFlags } from "../generators.ts";
import { loadFlags, readPlan } from "../plan/read-plan.ts";
import { scheduleFlags } from "../plan/schedule-flags.ts";
import { readMetadata, readTargets } from "../plan/target-flags.ts";
import * as outputs from "../results/output-flags.ts";
import { codeOf, lines } from "../results/tell-run.ts";
import type { Session, Verb } from "../session.ts";

const rounds: Flag = {
  name: "--rounds",
  value: "N",
  help: "runs of each side, at least 5 (default 7)",
};

interface SideFlags {
  readonly target: Flag;
  readonly name: Flag;
  readonly cpu: Flag;
  readonly metadata: Flag;
}

const [a, b] = (["a", "b"] as const).map((side): SideFlags => ({
  target: { name: `--${side}`, value: "HOST:PORT", help: `where side ${side} is` },
  name: { name: `--${side}-name`, value: "TEXT", help: `what it is called (default: where it is)` },
  cpu: {
    name: `--${side}-cpu`,
    value: "SOURCE",
    help: "its CPU time: pid:NUMBER, or the address of its metrics page; several with commas",
  },
  metadata: {
    name: `--${side}-metadata`,
    value: "KEY=VALUE",
    repeats: true,
    help: `sent with calls of side ${side} alone`,
  },
})) as [SideFlags, SideFlags];

const outputFlags = [
  ...outputs.outputFlags,
  outputs.reportFlag,
  outputs.jsonFlag,
  outputs.markdownFlag,
] as const;

export const compare: Verb = {
  name: "compare",
  takes: "--a HOST:PORT --b HOST:PORT --rate RATE [--for TIME]",
  summary: "says whether one server is slower than another, and how sure that is",
  about: `Runs both in turns, in an order of chance, and compares p50, p99, throughput and CPU per call: a difference counts when
it is sure and large enough to matter. Exits with 1 when b is worse in something, with 2 when too few runs were valid.`,
  examples: [
    {
      command: "compare --a 127.0.0.1:8500 --b 127.0.0.1:8600 --rate 300/s --for 20s",
      does: "two servers with the same load",
    },
    {
      command:
        "compare --a old:8500 --b new:8500 --rate 300/s --a-cpu http://old:8502/metrics --b-cpu http://new:8502/metrics",
      does: "CPU per call as well",
    },
    {
      command: "compare --a gw:8500 --b gw:8500 --b-metadata x-crossfade-arm=canary --rate 300/s",
      does: "an arm with what the weights say",
    },
  ],
  flags: [
    ...Object.values(a),
    ...Object.values(b),
    rounds,
    ...scheduleFlags,
    ...outputFlags,
    ...senderFlags,
    ...loadFlags,
  ],
  async run(given, session) {
    outputs.readFormat(given);
    const asked = readCount(given, rounds, [5, 1_000]);
    const { terminal } = session;
    const run = openGenerators(given, session);
    const sides = { a: await readSide(given, a, session), b: await readSide(given, b, session) };
    const comparison = await compareSides({
      ...sides,
      run,
      seed: sides.a.plan.seed,
      signal: terminal.signal,
      ...(asked !== undefined && { rounds: asked }),
      onRun: (done) => terminal.complain(`${runLine(done)}\n`),
    });
    const json = () => comparisonJson(comparison);
    const markdown = () => comparisonMarkdown(comparison);
    const areWritten = await outputs.tell(
      {
        documents: [
          {
            file: "report.html",
            flag: outputs.reportFlag,
            text: () => renderComparison(comparison),
          },
          { file: "comparison.json", flag: outputs.jsonFlag, text: json },
          { file: "summary.md", flag: outputs.markdownFlag, text: markdown },
        ],
        printed: { table: () => lines(comparisonLines(comparison)), json, markdown },
        rescue: json,
      },
      given,
      terminal,
    );
    return codeOf(comparison, areWritten);
  },
};

async function readSide(given: Given, flags: SideFlags, { terminal }: Session): Promise<Side> {
  const targets = readTargets(given, flags.target);
  const plan = await readPlan({ given, terminal, targets });
  const metadata = { ...plan.workload.metadata, ...readMetadata(given, flags.metadata) };
  const cpu = readCpu(given, flags.cpu);
  return {
    name: given.value(flags.name) ?? targets.join(","),
    plan: { ...plan, workload: { ...plan.workload, metadata } },
    ...(cpu && { cpu }),
  };
}

function readCpu(given: Given, flag: Flag) {
  const sources = given.value(flag)?.split(",");
  try {
    return sources && openServerCpu(sources);
  } catch (error) {
    throw wrong(`${flag.name}: ${(error as Error).message}`);
  }
}

function runLine({ side, round, sample, result }: ComparedRun): string {
  const name = `round ${round + 1}, ${side}`;
  if (sample) return `${name}: p50 ${formatMs(sample.p50Ms)}, p99 ${formatMs(sample.p99Ms)}`;
  const why = result.ended?.because ?? result.invalid[0]?.message ?? "";
  return `${name}: not valid: ${plainLine(why)}`;
}
