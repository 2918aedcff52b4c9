import type { AuditEntry, HistoryPage } from "./control-store.ts";

export interface HistoryLine {
  /** What the store held when the entry was made. */
  readonly revision: number;
  readonly entry: AuditEntry;
}

/**
 * From lines that come newest first. A page ends with a revision, so that the next one can begin below it: notes can make
 * it longer than was asked for.
 */
export async function takePage(
  lines: AsyncIterable<HistoryLine>,
  { limit, below = Infinity }: HistoryPage,
): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let last = Infinity;
  for await (const { revision, entry } of lines) {
    if (revision >= below) continue;
    if (entries.length >= limit && revision !== last) break;
    entries.push(entry);
    last = revision;
  }
  return entries;
}
