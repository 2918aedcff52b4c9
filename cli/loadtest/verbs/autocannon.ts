import { findSuite, suiteNames } from "../../../loadtest/autocannon/find-suite.ts";
import { runSuite } from "../../../loadtest/autocannon/run-suite.ts";
import { showLive } from "../../../loadtest/live/show-live.ts";
import { judge } from "../../../loadtest/verdict/judge.ts";
import { textTable } from "../../../display/text-table.ts";
import type { Flag } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { readTime } from "../../arguments/read-time.ts";
import { wrong } from "../../arguments/wrong.ts";
import { readSeed, seedFlag } from "../plan/generator-flags.ts";
import { readTargets, targetFlag } from "../plan/target-flags.ts";
import { modelFlag } from "../plan/workload-flags.ts";
import { readFormat } from "../results/output-flags.ts";
import { readSlo, sloFlag } from "../results/slo-file.ts";
import { lines, runOutputFlags, tellRun } from "../results/tell-run.ts";
import type { Verb } from "../session.ts";

const connections: Flag = {
  name: "--connections",
  short: "-c",
  value: "N",
  help: "instead of the suite's own",
};
const forFlag: Flag = {
  name: "--for",
  short: "-d",
  value: "TIME",
  help: "instead of the suite's own",
};

const warmUpMs = 1_000;

export const autocannon: Verb = {
  name: "autocannon",
  takes: "[SUITE --target HOST:PORT]",
  summary: "sends a suite of requests to the HTTP gateway, by autocannon",
  about: `A closed loop: each connection sends when it was answered. That shows how much the gateway can take and whether all
routes work, not what users feel at a rate; for that there is \`run --http --rate\`. Suites have no rate. Without a name
it lists the suites: each is a small file in loadtest/autocannon/suites/.`,
  examples: [
    { command: "autocannon", does: "which suites there are" },
    { command: "autocannon smoke -t 127.0.0.1:8501", does: "does every route answer?" },
    {
      command: "autocannon maximum -t 127.0.0.1:8501 -c 128 --for 30s --out results",
      does: "with more connections, and a report",
    },
  ],
  flags: [targetFlag, connections, forFlag, modelFlag, seedFlag, sloFlag, ...runOutputFlags],
  async run(given, { terminal, live }) {
    const [name, ...others] = given.words;
    if (others.length > 0) throw wrong(`one suite at a time: got ${given.words.join(", ")}`);
    if (name === undefined) {
      terminal.print(lines(await suiteLines()));
      return 0;
    }
    readFormat(given);
    const slo = readSlo(given, terminal);
    const suite = await findSuite(name);
    const [target, ...more] = readTargets(given);
    if (more.length > 0) throw wrong("--target: a suite goes to one gateway");
    const ownConnections = readCount(given, connections, [1, 10_000]);
    const forMs = readTime(given, forFlag);
    const view = showLive({ stream: live, env: terminal.env, title: `autocannon ${name}` });
    const running = runSuite({
      name: `autocannon ${name}`,
      suite,
      target: target!,
      model: given.value(modelFlag) ?? "playlists",
      seed: readSeed(given),
      warmUpMs,
      signal: terminal.signal,
      onProgress: (progress) => view.show(progress),
      ...(ownConnections !== undefined && { connections: ownConnections }),
      ...(forMs !== undefined && { forMs }),
    });
    const result = await running.finally(() => view.end());
    return tellRun({ result, verdict: judge(slo, result) }, given, terminal);
  },
};

async function suiteLines(): Promise<string[]> {
  const names = suiteNames();
  const suites = await Promise.all(names.map(findSuite));
  const rows = names.map((name, at) => [name, suites[at]!.summary]);
  return textTable([{ head: "suite" }, { head: "" }], rows);
}
