import { join } from "node:path";
import { nearest } from "../../../proto/nearest.ts";
import { writeOutputs, type Output } from "../../../display/write-outputs.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { Terminal } from "../../terminal/terminal.ts";

const formats = ["table", "json", "markdown"] as const;
export type Format = (typeof formats)[number];

const format: Flag = {
  name: "--output",
  short: "-o",
  value: "FORMAT",
  help: "what is printed: table (default), json or markdown",
};
const out: Flag = {
  name: "--out",
  value: "DIR",
  help: "writes all files into a folder",
};

/** A file that tells what was found. */
export interface Document {
  /** In the folder that --out names. */
  readonly file: string;
  readonly flag: Flag;
  readonly text: () => string;
}

/** Everything that can be told of what was found. */
export interface Findings {
  readonly documents: readonly Document[];
  readonly printed: Readonly<Record<Format, () => string>>;
  /** What must not be lost when files cannot be written. */
  readonly rescue: () => string;
}

export const resultFlag: Flag = {
  name: "--result",
  value: "FILE",
  help: "result.json: the run, whole, for `loadtest report`",
};
export const reportFlag: Flag = {
  name: "--report",
  value: "FILE",
  help: "report.html: one page that needs no network",
};
export const jsonFlag: Flag = {
  name: "--json",
  value: "FILE",
  help: "verdict.json: figures and gates, for scripts",
};
export const junitFlag: Flag = { name: "--junit", value: "FILE", help: "junit.xml, for CI" };
export const markdownFlag: Flag = {
  name: "--markdown",
  value: "FILE",
  help: "summary.md, for a pull request",
};

export const outputFlags = [format, out] as const;

/** Throws INVALID_ARGUMENT, before anything is run, for a format that there is not. */
export function readFormat(given: Given): Format {
  const asked = given.value(format) ?? "table";
  const found = formats.find((one) => one === asked);
  if (found !== undefined) return found;
  const meant = nearest(asked, formats);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  throw wrong(`--output is "${asked}"; it must be one of ${formats.join(", ")}${hint}`);
}

/** Prints and writes; resolves to whether all files were written. */
export async function tell(
  { documents, printed, rescue }: Findings,
  given: Given,
  terminal: Terminal,
): Promise<boolean> {
  const folder = given.value(out);
  const outputs = documents.flatMap(({ file, flag, text }): Output[] => {
    const single = given.value(flag);
    const paths = [
      ...(folder === undefined ? [] : [join(folder, file)]),
      ...(single ? [single] : []),
    ];
    return paths.map((path) => ({ path, text: text() }));
  });
  terminal.print(printed[readFormat(given)]());
  return writeOutputs(outputs, {
    rescue: rescue(),
    stdout: (text) => terminal.print(text),
    stderr: (text) => terminal.complain(text),
  });
}
