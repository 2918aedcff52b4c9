import { survey } from "../backends/engines/survey.ts";
import { surveyTable } from "../backends/engines/survey-table.ts";
import type { Command } from "./command.ts";

export const doctor: Command = {
  summary: "says what this machine can run, and why not the rest",
  help: () => `Opens a tiny model with every provider, each in a process of its own, and reports what it found.

  crossfade doctor           a table
  crossfade doctor --json    the same as JSON

Exits with 1 when not even the CPU provider works.
`,
  async run(args) {
    const unknown = args.filter((arg) => arg !== "--json");
    if (unknown.length > 0) {
      process.stderr.write(
        `crossfade doctor: unknown option ${unknown.join(" ")}; it takes --json\n`,
      );
      return 2;
    }
    const found = await survey();
    process.stdout.write(
      args.includes("--json") ? `${JSON.stringify(found, null, 2)}\n` : surveyTable(found),
    );
    const cpu = found.providers.find(({ provider }) => provider === "cpu");
    return cpu?.finding.works ? 0 : 1;
  },
};
