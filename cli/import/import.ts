import { Code, ServingError } from "../../proto/serving-error.ts";
import { flagColumns } from "../arguments/help-columns.ts";
import { readArguments } from "../arguments/read-arguments.ts";
import type { Command } from "../command.ts";
import { printable } from "../terminal/printable.ts";
import { openProcessTerminal } from "../terminal/process-terminal.ts";
import { importFlags } from "./flags.ts";
import { readImport } from "./read-import.ts";
import { runImport } from "./run-import.ts";

const command = "crossfade import";

const examples = [
  ["crossfade import model.onnx --dry-run", "what does the file take and give?"],
  [
    "crossfade import model.onnx --catalogue items.csv --out bundles/films/1",
    "a bundle of it, which crossfade serve --models bundles serves",
  ],
  [
    "crossfade import sasrec.onnx --catalogue items.csv --padding left --samples held-out.jsonl --out bundles/films/2",
    "padded as it was trained, measured on real sequences",
  ],
] as const;

export const importModel: Command = {
  summary: "makes a bundle of an ONNX file that was exported by other code",
  help: () => `Turns an ONNX file into a bundle that crossfade serve takes, without writing code.

  ${command} MODEL.onnx --catalogue FILE --out MODELS/MODEL/VERSION

${examples.map(([line, does]) => `  ${line}\n      ${does}`).join("\n")}

The model takes the ids of the items that somebody chose, oldest first, and gives the scores of what comes next: of the last
position or of all, for every id or only its own ten best, or a vector to compare items with. Ids, padding, masks, the head
and how long sequences may be are found out by reading the file and by trying it; what cannot be told it asks for, and what
it understood it prints. A bundle is written only when it gives the same answers as the file does.

${flagColumns(importFlags)}

Exit codes: 0 done, 1 the file cannot be imported (it says why, and what would help), 2 called wrongly.
`,
  async run(args) {
    using terminal = openProcessTerminal();
    // Names and messages come from a file that somebody else has written.
    const say = (line: string) => terminal.complain(printable(`${line}\n`));
    try {
      const config = readImport(readArguments(args, importFlags));
      const print = (text: string) => terminal.print(printable(text));
      await runImport(config, { signal: terminal.signal, print, say });
      return 0;
    } catch (error) {
      const isWrong = error instanceof ServingError && error.code === Code.INVALID_ARGUMENT;
      say(`${command}: ${(error as Error).message}`);
      if (isWrong) say(`\`${command} --help\` has examples.`);
      return isWrong ? 2 : 1;
    }
  },
};
