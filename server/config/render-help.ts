import type { Setting } from "./setting.ts";
import type { SettingTable } from "./schema.ts";
import { flagOf } from "./sources.ts";

const widest = 100;

/** The settings part of a command's --help. */
export function renderHelp(settings: SettingTable): string {
  return [
    "Settings, the later winning: --config FILE (JSON, camelCase), CROSSFADE_… variables, flags.",
    "",
    renderFlags(settings),
    "",
    "Durations may say 250ms, 2s, 5min, 1h or 30d, sizes 64KiB, 4MiB or 1GiB.",
    "",
  ].join("\n");
}

/** Each setting by its flag, with what it is, what is allowed and the default. */
export function renderFlags(settings: SettingTable): string {
  const entries = Object.entries(settings);
  const flags = entries.map(([name]) => flagOf(name));
  const indent = Math.max(...flags.map((flag) => flag.length)) + 4;
  const lines = entries.flatMap(([, setting], i) => {
    const [first = "", ...rest] = wrap(describe(setting), widest - indent);
    return [
      `  ${flags[i]!.padEnd(indent - 2)}${first}`,
      ...rest.map((line) => " ".repeat(indent) + line),
    ];
  });
  return lines.join("\n");
}

function describe({ help, kind, standard }: Setting<unknown>): string {
  const suffix = standard === undefined ? "" : ` (default ${kind.format(standard)})`;
  return `${help}: ${kind.allowed}${suffix}`;
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
