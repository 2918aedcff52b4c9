import type { Command } from "../command.ts";
import { rolloutHelp } from "./help.ts";
import { openProcessTerminal } from "../terminal/process-terminal.ts";
import { runRollout } from "./run-rollout.ts";

export const rollout: Command = {
  summary: "shows and changes who gets which version of a model",
  help: rolloutHelp,
  async run(args) {
    using terminal = openProcessTerminal();
    return await runRollout(args, terminal);
  },
};
