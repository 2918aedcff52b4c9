import { run } from "../../../loadtest/engine/run.ts";
import { formatRate } from "../../../display/figures.ts";
import { showLive } from "../../../loadtest/live/show-live.ts";
import { renderReport } from "../../../loadtest/report/render-report.ts";
import { saveResult } from "../../../loadtest/saved-result.ts";
import { findScenario, scenarios } from "../../../loadtest/scenarios/find-scenario.ts";
import { judgeScenario } from "../../../loadtest/scenarios/judge-scenario.ts";
import { play } from "../../../loadtest/scenarios/play.ts";
import type { Scale, Scenario } from "../../../loadtest/scenarios/scenario.ts";
import {
  scenarioJson,
  scenarioLines,
  scenarioMarkdown,
  type Played,
} from "../../../loadtest/scenarios/scenario-outputs.ts";
import { textTable } from "../../../display/text-table.ts";
import { worldWorkload } from "../../../loadtest/workloads/world-workload.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { wrong } from "../../arguments/wrong.ts";
import { readSeed, seedFlag } from "../plan/generator-flags.ts";
import { rateIn } from "../plan/schedule-flags.ts";
import * as outputs from "../results/output-flags.ts";
import { codeOf, lines } from "../results/tell-run.ts";
import type { Session, Verb } from "../session.ts";
import { ensureBundles, stageModel } from "../stage/bundles.ts";
import { calibrate } from "../stage/calibrate.ts";
import { openStage } from "../stage/open-stage.ts";

const forScale: Flag = {
  name: "--for-scale",
  value: "N",
  help: "how long it takes, as a multiple of its own time, e.g. 0.2 for a fifth (default 1)",
};
const capacity: Flag = {
  name: "--capacity",
  value: "RATE",
  help: "rates follow from what the machine can take; this says it, instead of a short calibration",
};

const outputFlags = [
  ...outputs.outputFlags,
  outputs.resultFlag,
  outputs.reportFlag,
  outputs.jsonFlag,
  outputs.markdownFlag,
] as const;

/** Of the capacity, for scenarios that are not about too much load. */
const easyShare = 0.15;
const mostPerSecond = 1_000;

export const scenario: Verb = {
  name: "scenario",
  takes: "[NAME]",
  summary: "does something to real servers under load, and checks what must hold",
  about: `Starts servers and a router of this same command on this machine, finds out how much it can take, sends load, does
what the scenario says meanwhile, and checks its invariant. All of it is gone afterwards. The model is trained the first
time and kept in .crossfade. Without a name it lists the scenarios. Exits with 0 when the invariant held, 1 when it was
broken, 2 when the run proves nothing.`,
  examples: [
    { command: "scenario", does: "which there are" },
    { command: "scenario hot-swap", does: "no call fails while a new version takes over" },
    { command: "scenario spike --for-scale 0.2 --out results", does: "a short one, with a report" },
  ],
  flags: [forScale, capacity, seedFlag, ...outputFlags],
  async run(given, session) {
    const [name, ...others] = given.words;
    if (others.length > 0) throw wrong(`one scenario at a time: got ${given.words.join(", ")}`);
    if (name === undefined) {
      const rows = scenarios.map((one) => [one.name, one.summary]);
      session.terminal.print(lines(textTable([{ head: "scenario" }, { head: "" }], rows)));
      return 0;
    }
    outputs.readFormat(given);
    const found = findScenario(name);
    readScale(given);
    const { signal } = session.terminal;
    try {
      const played = await perform(found, given, session);
      const areWritten = await outputs.tell(findingsOf(played), given, session.terminal);
      return codeOf(played.verdict, areWritten);
    } catch (error) {
      if (!signal.aborted) throw error;
      session.terminal.complain("crossfade loadtest: interrupted; all that was started is gone\n");
      return 2;
    }
  },
};

async function perform(scenario: Scenario, given: Given, session: Session): Promise<Played> {
  const { terminal, live } = session;
  const { signal } = terminal;
  const bundles = await ensureBundles(scenario.needs, signal);
  terminal.complain(`starting ${scenario.needs.servers === 1 ? "a server" : "servers"}\n`);
  await using stage = await openStage(scenario.needs, bundles, signal);
  const seed = readSeed(given);
  const plan = {
    targets: [stage.target],
    workload: worldWorkload({ transport: "grpc", seed, world: bundles.world, zipfExponent: 0.5 }),
    seed,
    warmUpMs: 1_500,
    connections: 4,
    streamsPerConnection: 250,
    // A machine that has much else to do is slow, which is not what scenarios look for.
    deadlineMs: 20_000,
    workers: 1,
  };
  const scale = await readScaleOf(given, () => calibrate(plan, { run, signal }));
  terminal.complain(
    `this machine answers about ${formatRate(scale.capacity)}; rates follow from that\n`,
  );
  const view = showLive({ stream: live, env: terminal.env, title: scenario.name });
  const playing = play(scenario, {
    stage,
    scale,
    plan,
    model: stageModel,
    run,
    signal,
    onProgress: (progress) => view.show(progress),
  });
  const seen = await playing.finally(() => view.end());
  return { scenario, seen, verdict: judgeScenario(scenario, seen) };
}

async function readScaleOf(given: Given, measure: () => Promise<number>): Promise<Scale> {
  const share = readScale(given);
  const said = given.value(capacity);
  const most = said === undefined ? await measure() : rateIn(said, capacity);
  return {
    capacity: most,
    perSecond: Math.max(1, Math.min(mostPerSecond, Math.round(most * easyShare))),
    seconds: (count) => Math.round(1_000 * share * count),
  };
}

function readScale(given: Given): number {
  const text = given.value(forScale) ?? "1";
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) >= 0.05 && Number(text) <= 1_000)
    return Number(text);
  throw wrong(`--for-scale is "${text}"; it must be a number from 0.05 to 1000`);
}

function findingsOf(played: Played): outputs.Findings {
  const { seen, verdict } = played;
  const { outcome, reasons } = verdict;
  const json = () => scenarioJson(played);
  const markdown = () => scenarioMarkdown(played);
  const page = () => renderReport(seen.result, { outcome, reasons, gates: [] });
  return {
    documents: [
      { file: "result.json", flag: outputs.resultFlag, text: () => saveResult(seen.result) },
      { file: "report.html", flag: outputs.reportFlag, text: page },
      { file: "scenario.json", flag: outputs.jsonFlag, text: json },
      { file: "summary.md", flag: outputs.markdownFlag, text: markdown },
    ],
    printed: { table: () => lines(scenarioLines(played)), json, markdown },
    rescue: json,
  };
}
