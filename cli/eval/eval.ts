import type { Command } from "../command.ts";
import { openProcessTerminal } from "../terminal/process-terminal.ts";
import { verbHelp } from "../verbs/verb-help.ts";
import { evalVerb } from "./eval-verb.ts";
import { runEval } from "./run-eval.ts";

export const evaluation: Command = {
  summary:
    "asks served models the questions of published protocols, and says how good the answers are",
  help: () => verbHelp(evalVerb, { command: "crossfade", general: [] }),
  async run(args) {
    using terminal = openProcessTerminal();
    return await runEval(args, { terminal, progress: process.stderr });
  },
};
