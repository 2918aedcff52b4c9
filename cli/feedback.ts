import { nearest } from "../proto/nearest.ts";
import type { Command } from "./command.ts";
import { exportFeedback } from "./feedback/export.ts";

const verbs: Readonly<Record<string, Command>> = { export: exportFeedback };

export const feedback: Command = {
  summary: exportFeedback.summary,
  help: () => exportFeedback.help(),
  async run([verb = "", ...args]) {
    const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (command !== undefined) return command.run(args);
    const meant = nearest(verb, Object.keys(verbs)) ?? Object.keys(verbs).join(", ");
    process.stderr.write(`crossfade feedback: no verb "${verb}"; there is ${meant}\n`);
    return 2;
  },
};
