import { nearest } from "../../proto/nearest.ts";
import type { Flag, Given } from "../arguments/flag.ts";
import type { Plain } from "./plain.ts";
import { printable } from "../terminal/printable.ts";
import { styleFor, type Style } from "../terminal/style.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { wrong } from "../arguments/wrong.ts";

const formats = ["table", "wide", "json", "yaml"] as const;
type Format = (typeof formats)[number];

export const outputFlag: Flag = {
  name: "--output",
  short: "-o",
  value: "FORMAT",
  help: "table (default), wide, json or yaml",
};

/** How things are shown to people. */
export interface Look {
  readonly style: Style;
  readonly isWide: boolean;
  readonly nowMs: number;
}

/** Where what was asked for goes, in the format that was asked for. */
export interface Output {
  readonly isForMachines: boolean;
  /** @param said What JSON and YAML say. */
  show(said: Plain, text: (look: Look) => string): Promise<void>;
  /** The same, one of many: a line of JSON, a document of YAML; where somebody watches, in place of the one before. */
  showNext(said: Plain, text: (look: Look) => string): Promise<void>;
}

export function createOutput(given: Given, terminal: Terminal): Output {
  const format = formatOf(given.value(outputFlag) ?? "table");
  const style = styleFor(terminal.isWatched, terminal.env);
  const look = () => ({ style, isWide: format === "wide", nowMs: terminal.nowMs() });
  let isFirst = true;
  return {
    isForMachines: format === "json" || format === "yaml",
    async show(said, text) {
      if (format === "json") terminal.print(printable(`${JSON.stringify(said, undefined, 2)}\n`));
      else if (format === "yaml") terminal.print(await yamlOf(said));
      else terminal.print(printable(text(look())));
    },
    async showNext(said, text) {
      const between = isFirst ? "" : "\n";
      if (format === "json") terminal.print(printable(`${JSON.stringify(said)}\n`));
      else if (format === "yaml") terminal.print(`---\n${await yamlOf(said)}`);
      else if (terminal.isWatched) terminal.print(`${clearScreen}${printable(text(look()))}`);
      else terminal.print(`${between}${printable(text(look()))}`);
      isFirst = false;
    },
  };
}

const clearScreen = "\u001B[H\u001B[2J";

function formatOf(asked: string): Format {
  const format = formats.find((one) => one === asked);
  if (format !== undefined) return format;
  const meant = nearest(asked, formats);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  throw wrong(`--output is "${asked}"; it must be one of ${formats.join(", ")}${hint}`);
}

async function yamlOf(said: Plain): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify(said);
}
