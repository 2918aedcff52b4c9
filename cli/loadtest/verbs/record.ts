import { recordTraffic } from "../../../loadtest/workloads/record-traffic.ts";
import type { Flag } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { readTime } from "../../arguments/read-time.ts";
import { wrong } from "../../arguments/wrong.ts";
import { endAfter } from "../../terminal/end-after.ts";
import { readTargets, targetFlag } from "../plan/target-flags.ts";
import type { Verb } from "../session.ts";
import { untilAborted } from "../until-aborted.ts";

const port: Flag = {
  name: "--port",
  value: "N",
  help: "where callers go instead (default 8510); 0: any free one",
};
const forFlag: Flag = { name: "--for", value: "TIME", help: "how long (default: until Ctrl-C)" };
const call: Flag = {
  name: "--call",
  value: "SERVICE/METHOD",
  help: "what is recorded, in full (default crossfade.v1.RecommenderService/Recommend)",
};
const standardCall = "crossfade.v1.RecommenderService/Recommend";

export const record: Verb = {
  name: "record",
  takes: "FILE --target HOST:PORT [--port N]",
  summary: "writes down real calls and their times, to be replayed",
  about: `Stands between callers and a server, hands calls of one method on, and writes down when each came and with what. The
file holds what users asked for: only you may read it, and it must not exist yet.`,
  examples: [
    {
      command: "record calls.jsonl -t 127.0.0.1:8500 --port 8510",
      does: "point callers at 8510; Ctrl-C when it is enough",
    },
    { command: "run -t 127.0.0.1:8500 --replay calls.jsonl", does: "the same calls again" },
    {
      command: "run -t 127.0.0.1:8500 --replay calls.jsonl --speed 3",
      does: "three times as fast",
    },
  ],
  flags: [targetFlag, port, forFlag, call],
  async run(given, { terminal }) {
    const [file, ...others] = given.words;
    if (file === undefined || others.length > 0) throw wrong("say which file: one FILE");
    const [target, ...more] = readTargets(given);
    if (more.length > 0) throw wrong("--target: calls go on to one server");
    const forMs = readTime(given, forFlag);
    const recorder = await recordTraffic({
      file,
      target: target!,
      port: readCount(given, port, [0, 65_535]) ?? 8_510,
      path: pathOf(given.value(call) ?? standardCall),
    }).catch((error: Error) => Promise.reject(wrong(`cannot record: ${error.message}`)));
    terminal.print(`${recorder.address}\n`);
    terminal.complain(`recording ${target} into ${file}\n`);
    await untilEnough(forMs, terminal.signal);
    await recorder.close();
    const stopped = recorder.stoppedBecause();
    terminal.complain(`${recorder.calls()} calls in ${file}\n`);
    if (stopped === undefined) return 0;
    terminal.complain(`crossfade loadtest: recording stopped before its end: ${stopped}\n`);
    return 1;
  },
};

async function untilEnough(forMs: number | undefined, signal: AbortSignal): Promise<void> {
  if (forMs === undefined) return untilAborted(signal);
  using end = endAfter(forMs, signal);
  await untilAborted(end.signal);
}

function pathOf(name: string): string {
  const [, path] = /^\/?([\w.]+\/\w+)$/.exec(name) ?? [];
  if (path !== undefined) return `/${path}`;
  throw wrong(`--call is "${name}"; it must be package.Service/Method in full`);
}
