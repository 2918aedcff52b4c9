import { addTo } from "./leave-last-out.ts";
import { badLine, type Line } from "./lines.ts";

/** Tab-separated, under a line that names the columns: `user` and `item`, and if wanted `time`. As scripts/train reads it. */
export function isTable({ text }: Line): boolean {
  const columns = text.split("\t");
  return columns.includes("user") && columns.includes("item");
}

interface Choice {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

/** By user, in the order of time where there is one, else of the lines. */
export function readTable([head, ...lines]: readonly Line[]): Map<string, string[]> {
  const columns = head!.text.split("\t");
  const choices = lines.map((line) => choiceIn(line, columns));
  const sequences = new Map<string, string[]>();
  for (const { user, item } of choices.toSorted((a, b) => a.time - b.time))
    addTo(sequences, user, item);
  return sequences;
}

function choiceIn(line: Line, columns: readonly string[]): Choice {
  const values = line.text.split("\t");
  const valueOf = (column: string) => values[columns.indexOf(column)] ?? "";
  const [user, item] = [valueOf("user"), valueOf("item")];
  const time = columns.includes("time") ? Number(valueOf("time") || Number.NaN) : 0;
  if (user === "" || item === "" || Number.isNaN(time))
    throw badLine(line, `${columns.join(", ")} with tabs between`);
  return { user, item, time };
}
