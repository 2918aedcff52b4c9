import { setImmediate as turn } from "node:timers/promises";
import type { AuditEntry, HistoryPage } from "./control-store.ts";

export interface HistoryLine {
  /** What the store held when the entry was made. */
  readonly revision: number;
  readonly entry: AuditEntry;
  /** As it is kept. */
  readonly bytes: number;
}

/**
 * From lines that come newest first. A page ends with a revision, so that the next one can begin below it: notes can make
 * it longer than was asked for. Other work of the process comes in between: entries may be large.
 */
export async function takePage(
  lines: AsyncIterable<HistoryLine>,
  { limit, below = Infinity, maxBytes = Infinity, auditIdPrefix = "" }: HistoryPage,
): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let last = Infinity;
  let size = 0;
  for await (const { revision, entry, bytes } of lines) {
    if (revision >= below) continue;
    const isFull = entries.length >= limit || (size > 0 && size + bytes > maxBytes);
    if (isFull && revision !== last) break;
    if (!entry.rollout.changed.auditId.startsWith(auditIdPrefix)) continue;
    entries.push(entry);
    last = revision;
    size += bytes;
    await turn();
  }
  return entries;
}
