import type { Command } from "../command.ts";
import { openProcessTerminal } from "../terminal/process-terminal.ts";
import { loadtestHelp } from "./help.ts";
import { runLoadtest } from "./run-loadtest.ts";

export const loadtest: Command = {
  summary: "sends load to servers, and tells what users would have felt",
  help: loadtestHelp,
  async run(args) {
    using terminal = openProcessTerminal();
    return await runLoadtest(args, { terminal, live: process.stderr });
  },
};
