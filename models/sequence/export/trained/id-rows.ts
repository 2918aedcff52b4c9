import { idProblem, titleProblem } from "../../../catalogue/id-rules.ts";
import { rowComplaints, textRows } from "./text-rows.ts";

export interface TrainedItem {
  readonly id: string;
  readonly title: string;
  /** How often it was chosen. */
  readonly count: number;
}

/** `items.tsv`: id, count and title; a line's place is the item's index. */
export async function readItems(path: string, problems: string[]): Promise<readonly TrainedItem[]> {
  const items: TrainedItem[] = [];
  const seen = new Map<string, number>();
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const [id = "", count = "", title = "", ...more] = row.text.split("\t");
    const isCount = /^\d{1,15}$/.test(count);
    if (more.length > 0) complaints.add(row, "it has more than an id, a count and a title");
    if (!isCount) complaints.add(row, `the count ${JSON.stringify(count)} is no whole number`);
    const problem = idProblem(id) ?? titleProblem(id, title) ?? repeated(seen, id);
    if (problem !== undefined) complaints.add(row, problem);
    seen.set(id, row.line);
    items.push({ id, title, count: isCount ? Number(count) : 0 });
  }
  complaints.end();
  return items;
}

/** `users.tsv`: an id a line; a line's place is the user's index. */
export async function readUsers(path: string, problems: string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  const seen = new Map<string, number>();
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const problem = idProblem(row.text) ?? repeated(seen, row.text);
    if (problem !== undefined) complaints.add(row, problem);
    seen.set(row.text, row.line);
    ids.push(row.text);
  }
  complaints.end();
  return ids;
}

function repeated(seen: ReadonlyMap<string, number>, id: string): string | undefined {
  const line = seen.get(id);
  return line === undefined ? undefined : `the id ${JSON.stringify(id)} is that of line ${line}`;
}
