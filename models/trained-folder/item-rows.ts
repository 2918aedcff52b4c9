import type { CatalogueItem } from "../catalogue/catalogue-item.ts";
import { itemProblem } from "../catalogue/id-rules.ts";
import { createRepeats } from "../rows/repeated-ids.ts";
import { rowComplaints } from "../rows/row-complaints.ts";
import { textRows } from "../rows/text-rows.ts";

export interface TrainedItem extends CatalogueItem {
  /** How often it was chosen. */
  readonly count: number;
}

export interface ItemRowRules {
  /** Every line has an artist behind the title; it may be empty. */
  readonly withArtists: boolean;
}

/** `items.tsv`: id, count, title and, where asked for, artist; a line's place is the item's index. */
export async function readItems(
  path: string,
  { withArtists }: ItemRowRules,
  problems: string[],
): Promise<readonly TrainedItem[]> {
  const items: TrainedItem[] = [];
  const repeated = createRepeats();
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const [id = "", count = "", title = "", ...more] = row.text.split("\t");
    const [artist] = more;
    const isCount = /^\d{1,15}$/.test(count);
    if (more.length > (withArtists ? 1 : 0) || (withArtists && artist === undefined))
      complaints.add(
        row,
        withArtists
          ? "it has other cells than an id, a count, a title and an artist"
          : "it has more than an id, a count and a title",
      );
    if (!isCount) complaints.add(row, `the count ${JSON.stringify(count)} is no whole number`);
    const item = { id, title, ...(withArtists && { artist: artist ?? "" }) };
    const problem = itemProblem(item) ?? repeated(id, row.line);
    if (problem !== undefined) complaints.add(row, problem);
    items.push({ ...item, count: isCount ? Number(count) : 0 });
  }
  complaints.end();
  if (items.length === 0) problems.push(`${path} has no items`);
  return items;
}
