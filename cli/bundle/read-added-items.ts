import { writtenItemProblem, type IdType } from "../../models/catalogue/id-rules.ts";
import type { AddedItem } from "../../models/cold-start/export/add-items.ts";
import { createRepeats } from "../../models/rows/repeated-ids.ts";
import { rowComplaints } from "../../models/rows/row-complaints.ts";
import { textRows } from "../../models/rows/text-rows.ts";

const columnNames = ["id", "title", "artist"] as const;
type Columns = Readonly<Record<(typeof columnNames)[number], number>>;

/** A table whose first line names its columns, separated by tabs; others than these are passed over. Throws an Error with what is wrong. */
export async function readAddedItems(path: string, idType: IdType): Promise<readonly AddedItem[]> {
  const problems: string[] = [];
  const complaints = rowComplaints(path, problems);
  const repeated = createRepeats();
  const items: AddedItem[] = [];
  let columns: Columns | undefined;
  let width = 0;
  for (const row of await textRows(path, problems)) {
    const cells = row.text.replace(/\r$/, "").split("\t");
    if (columns === undefined) {
      columns = columnsOf(cells, path);
      width = cells.length;
      continue;
    }
    if (cells.length !== width) {
      complaints.add(row, `it has ${cells.length} cells, where the first line names ${width}`);
      continue;
    }
    const { id, title, artist } = columns;
    const item = { id: cells[id]!, title: cells[title]!, artist: cells[artist]! };
    const problem =
      writtenItemProblem(item, idType) ?? repeated(item.id, row.line) ?? nameless(item);
    if (problem === undefined) items.push(item);
    else complaints.add(row, problem);
  }
  complaints.end();
  if (problems.length === 0 && items.length === 0) problems.push(`${path} has no items`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return items;
}

function columnsOf(cells: readonly string[], path: string): Columns {
  const names = cells.map((cell) =>
    cell
      .replace(/^\uFEFF/, "")
      .trim()
      .toLowerCase(),
  );
  const isThereOnce = (name: string) =>
    names.includes(name) && names.indexOf(name) === names.lastIndexOf(name);
  if (columnNames.every(isThereOnce))
    return {
      id: names.indexOf("id"),
      title: names.indexOf("title"),
      artist: names.indexOf("artist"),
    };
  throw new Error(
    `${path} begins with ${JSON.stringify(cells.slice(0, 4))}; its first line must name the columns id, title and artist, each once, with tabs between them`,
  );
}

function nameless({ id, title, artist }: AddedItem): string | undefined {
  return title === "" && artist === ""
    ? `${JSON.stringify(id)} has neither title nor artist, of which its vector would be made`
    : undefined;
}
