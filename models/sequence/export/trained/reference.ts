import { rowComplaints, textRows } from "./text-rows.ts";

/** What the network answered where it was trained: the best of the whole catalogue, nothing left out. */
export interface ReferenceRow {
  readonly userId: string;
  /** Oldest first. */
  readonly sequence: readonly string[];
  readonly top: readonly ReferenceItem[];
}

export interface ReferenceItem {
  readonly id: string;
  readonly score: number;
}

const example = '{"user_id":"1","sequence":["3","8"],"top":[["15",4.25]]}';

/** `reference.jsonl`. */
export async function readReference(
  path: string,
  problems: string[],
): Promise<readonly ReferenceRow[]> {
  const rows: ReferenceRow[] = [];
  const complaints = rowComplaints(path, problems);
  for (const row of await textRows(path, problems)) {
    const read = parse(row.text);
    if (read === undefined) complaints.add(row, `it does not look like ${example}`);
    else rows.push(read);
  }
  complaints.end();
  return rows;
}

function parse(text: string): ReferenceRow | undefined {
  try {
    const { user_id: user, sequence, top } = JSON.parse(text) as Record<string, unknown>;
    const isRow = isId(user) && isListOf(sequence, isId) && isListOf(top, isPair);
    if (!isRow || top.length === 0) return undefined;
    return {
      userId: String(user),
      sequence: sequence.map(String),
      top: top.map(([id, score]) => ({ id: String(id), score })),
    };
  } catch {
    return undefined;
  }
}

function isId(value: unknown): value is string | number {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function isPair(value: unknown): value is [string | number, number] {
  return Array.isArray(value) && value.length === 2 && isId(value[0]) && Number.isFinite(value[1]);
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}
