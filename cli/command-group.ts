import { nearest } from "../proto/nearest.ts";
import type { Command } from "./command.ts";

/** A command of commands, e.g. `crossfade train two-tower`. */
export function commandGroup(name: string, commands: Readonly<Record<string, Command>>): Command {
  const names = Object.keys(commands);
  const find = (given: string) => (Object.hasOwn(commands, given) ? commands[given] : undefined);
  return {
    summary: Object.values(commands)
      .map(({ summary }) => summary)
      .join("; "),
    help([given = "", ...args] = []) {
      const asked = find(given);
      if (asked !== undefined) return asked.help(args);
      return names.map((one) => commands[one]!.help()).join("\n");
    },
    async run([given = "", ...args]) {
      const command = find(given);
      if (command !== undefined) return command.run(args);
      const meant = nearest(given, names);
      const hint = meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}`;
      process.stderr.write(`crossfade ${name}: no command "${given}"; ${hint}\n`);
      return 2;
    },
  };
}
