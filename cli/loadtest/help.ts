import { namedVerb, verbHelp, verbList } from "../verbs/verb-help.ts";
import { verbs } from "./verbs.ts";

const command = "crossfade loadtest";

/** What `crossfade loadtest ARGS --help` prints: of the verb that is named, else of all. */
export function loadtestHelp(args: readonly string[] = []): string {
  const verb = namedVerb(verbs, args);
  return verb === undefined ? overview() : verbHelp(verb, { command, general: [] });
}

function overview(): string {
  return `Sends load to servers, and tells what users would have felt.

  ${command} VERB [options]

${verbList(verbs)}

\`${command} VERB --help\` teaches each verb. A first test, with \`npm run demo\` in another terminal:

  ${command} run -t 127.0.0.1:8500 --rate 200/s --for 20s
  ${command} run -t 127.0.0.1:8500 --rate 200/s --for 20s --slo slo.yaml --out results

where slo.yaml holds, for example:

  p50: 10ms
  p99: 50ms
  errors: 0.1%

Exit codes: 0 pass, 1 fail, 2 invalid or called wrongly.
`;
}
