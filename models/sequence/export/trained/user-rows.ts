import { idProblem } from "../../../catalogue/id-rules.ts";
import { createRepeats } from "../../../rows/repeated-ids.ts";
import { rowComplaints } from "../../../rows/row-complaints.ts";
import { textRows } from "../../../rows/text-rows.ts";

/** `users.tsv`: an id a line; a line's place is the user's index. */
export async function readUsers(path: string, problems: string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  const repeated = createRepeats();
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const problem = idProblem(row.text) ?? repeated(row.text, row.line);
    if (problem !== undefined) complaints.add(row, problem);
    ids.push(row.text);
  }
  complaints.end();
  return ids;
}
