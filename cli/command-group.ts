import { nearest } from "../proto/nearest.ts";
import { wrong } from "./arguments/wrong.ts";
import type { Command } from "./command.ts";

/** A command of commands, e.g. `crossfade train two-tower`. */
export function commandGroup(name: string, commands: Readonly<Record<string, Command>>): Command {
  const names = Object.keys(commands);
  const find = (given: string) => (Object.hasOwn(commands, given) ? commands[given] : undefined);
  const unknown = (given: string) => {
    const meant = nearest(given, names);
    const hint = meant ? `did you mean "${meant}"?` : `there is ${names.join(", ")}`;
    return `no command "${given}"; ${hint}`;
  };
  return {
    summary: Object.values(commands)
      .map(({ summary }) => summary)
      .join("; "),
    help([given = "", ...args] = []) {
      const asked = find(given);
      if (asked !== undefined) return asked.help(args);
      if (given !== "" && !given.startsWith("-")) throw wrong(unknown(given));
      return names.map((one) => commands[one]!.help()).join("\n");
    },
    async run([given, ...args]) {
      const command = find(given ?? "");
      if (command !== undefined) return command.run(args);
      process.stderr.write(
        given === undefined ? this.help() : `crossfade ${name}: ${unknown(given)}\n`,
      );
      return 2;
    },
  };
}
