import type { Probe } from "../../../exporting/probe.ts";
import { rowComplaints } from "../../../rows/row-complaints.ts";
import { textRows } from "../../../rows/text-rows.ts";

export interface IdTables {
  readonly items: ReadonlyMap<string, number>;
  readonly users: ReadonlyMap<string, number>;
}

/** `holdout.tsv`: a user, the items that he chose, oldest first, and the one that he chose next. A user who was not trained on is -1. */
export async function readHeldOut(
  path: string,
  { items, users }: IdTables,
  problems: string[],
): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const cells = row.text.split("\t");
    const [user = "", chosen = "", target = ""] = cells;
    if (cells.length !== 3)
      complaints.add(row, `it has ${cells.length} cells, not a user, items and a target`);
    const ids = chosen === "" ? [] : chosen.split(",");
    const stranger = [...ids, target].find((id) => !items.has(id));
    if (cells.length === 3 && stranger !== undefined)
      complaints.add(row, `the item ${JSON.stringify(stranger)} is not in items.tsv`);
    probes.push({
      user: users.get(user) ?? -1,
      history: Int32Array.from(ids, (id) => items.get(id) ?? -1),
      next: items.get(target) ?? -1,
    });
  }
  complaints.end();
  if (probes.length === 0)
    problems.push(`${path} has no rows: without them a passport would be empty`);
  return probes;
}
