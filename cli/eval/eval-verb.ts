import type { Verb } from "../verbs/verb.ts";
import * as flags from "./flags.ts";
import { sideFlags } from "./read-sides.ts";
import { runProtocol } from "./run-protocol.ts";
import { runReference } from "./run-reference.ts";
import type { Session } from "./session.ts";

export const evalVerb: Verb<Session> = {
  name: "eval",
  takes: "--target HOST:PORT --model NAME --dataset NAME --protocol NAME",
  summary:
    "asks served models the questions of published protocols, and says how good the answers are",
  about: `Every question goes over gRPC to what is served, as users' calls do; each is asked once, many at a time. Beside the
figures stand their intervals (95%, bootstrap over users), and what chance, popularity and co-occurrence reach on the
same questions.

A failed call, a degraded reply, one of another arm or of another version makes the result INVALID: then it exits with 2
whatever the figures are. Exit codes: 0 done, 1 a gate is not met or the reference differs, 2 invalid or called wrongly.

docs/evaluation.md tells how to read the figures.`,
  examples: [
    {
      command: 'eval -t 127.0.0.1:8500 -m movies -d ml-1m -p sampled --gate "HR@10>=0.81"',
      does: "HR@10 and NDCG@10 among 100 frozen negatives, and exit code 1 below 0.81",
    },
    {
      command: "eval -t 127.0.0.1:8500 -m movies -d ml-1m -p full --html eval.html",
      does: "all items, seen ones removed and kept, with a page of plots",
    },
    {
      command:
        'eval -t 127.0.0.1:8500 -m movies -d ml-1m -p full -c 127.0.0.1:8600,name=qint8 --gate "overlap@10>=0.96"',
      does: "two servers side by side, e.g. of two variants",
    },
    {
      command: "eval -t 127.0.0.1:8500 -m movies -d ml-1m -p sampled --users 500 --anonymous",
      does: "500 users, as if nobody knew them",
    },
    {
      command: "eval -t 127.0.0.1:8500 -m movies --reference trained/reference.jsonl",
      does: "whether what is served is what was trained",
    },
  ],
  flags: [
    ...sideFlags,
    flags.datasetFlag,
    flags.protocolFlag,
    flags.compareFlag,
    flags.gateFlag,
    flags.referenceFlag,
    flags.jsonFlag,
    flags.htmlFlag,
    flags.usersFlag,
    flags.seedFlag,
    flags.anonymousFlag,
    flags.inFlightFlag,
  ],
  run: (given, session) =>
    given.has(flags.referenceFlag) ? runReference(given, session) : runProtocol(given, session),
};
