import type { Verb } from "./session.ts";
import { agent } from "./verbs/agent.ts";
import { autocannon } from "./verbs/autocannon.ts";
import { compare } from "./verbs/compare.ts";
import { record } from "./verbs/record.ts";
import { report } from "./verbs/report.ts";
import { run } from "./verbs/run.ts";
import { scenario } from "./verbs/scenario.ts";
import { search } from "./verbs/search.ts";

/** In the order in which help lists them. */
export const verbs: readonly Verb[] = [
  run,
  search,
  compare,
  scenario,
  report,
  record,
  agent,
  autocannon,
];
