import { judge } from "../../../loadtest/verdict/judge.ts";
import { openGenerators, senderFlags } from "../generators.ts";
import { loadFlags, readPlan } from "../plan/read-plan.ts";
import { scheduleFlags } from "../plan/schedule-flags.ts";
import { targetFlag } from "../plan/target-flags.ts";
import { readFormat } from "../results/output-flags.ts";
import { readSlo, sloFlag } from "../results/slo-file.ts";
import { runOutputFlags, tellRun } from "../results/tell-run.ts";
import type { Verb } from "../session.ts";

export const run: Verb = {
  name: "run",
  takes: "--target HOST:PORT --rate RATE [--for TIME] [--slo FILE]",
  summary: "sends calls on a schedule, and judges what came back",
  about: `Calls leave when they are due, whether those before were answered or not (--rate, --steps, --spike, --replay), and
latency counts from then: a server that stalls cannot hide it. --closed sends the next call when the one before was
answered; use it to find out how much a server can take, not how long users wait.

A run that could not keep its own schedule proves nothing, and exits with 2 whatever its figures are. Ctrl-C ends it at
once, with what was found until then, marked as partial.

Without --call or --path the users of the invented world ask for recommendations. Exit codes: 0 pass, 1 fail, 2 invalid
or called wrongly.`,
  examples: [
    { command: "run -t 127.0.0.1:8500 --rate 500/s --for 30s", does: "500 calls a second, evenly" },
    {
      command: "run -t 127.0.0.1:8500 --rate 500/s --poisson --slo slo.yaml --out results",
      does: "as independent callers come; judged by slo.yaml, all reports in results/",
    },
    {
      command: 'run -t 127.0.0.1:8500 --steps "100/s 10s, 100/s..1000/s 60s" --workers 2',
      does: "from 100/s to 1,000/s, sent by two threads",
    },
    {
      command: 'run -t 127.0.0.1:8500 --rate 200/s --spike "x10 at 10s for 30s" --for 60s',
      does: "ten times as much for half a minute",
    },
    {
      command: 'run -t 127.0.0.1:8500 --closed 64 --batch "1:90 20:10" --cold 5%',
      does: "how much it can take; one call in ten is a batch, one user in twenty is new",
    },
    {
      command:
        'run -t 127.0.0.1:50051 --rate 100/s --call shop.v1.Carts/Get --data \'{"user": "{{id}}"}\' --rows users.csv',
      does: "any gRPC service that describes itself, with users from a file",
    },
    {
      command:
        'run -t 127.0.0.1:8501 --http --path /predict --data \'{"user_id": "{{$int 1 100}}"}\' -r 100/s',
      does: "any HTTP service",
    },
  ],
  flags: [targetFlag, ...scheduleFlags, sloFlag, ...runOutputFlags, ...senderFlags, ...loadFlags],
  async run(given, session) {
    const { terminal } = session;
    readFormat(given);
    const slo = readSlo(given, terminal);
    const send = openGenerators(given, session);
    const result = await send(await readPlan({ given, terminal }));
    return tellRun({ result, verdict: judge(slo, result) }, given, terminal);
  },
};
