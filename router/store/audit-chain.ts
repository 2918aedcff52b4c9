import { createHash } from "node:crypto";
import type { Rollout } from "../rollout/rollout.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { AuditEntry } from "./control-store.ts";

/** What the first entry of a model follows. */
export const firstHash = "0".repeat(64);

export type Unchained = Pick<AuditEntry, "oldRevision" | "rollout">;

export function chain(previousHash: string, entry: Unchained): AuditEntry {
  return { ...entry, previousHash, hash: hashOf(previousHash, entry) };
}

/** SHA-256, in hexadecimal, of the previous hash, a line feed, and {oldRevision, rollout} as canonical JSON. */
function hashOf(previousHash: string, { oldRevision, rollout }: Unchained): string {
  const content = canonicalJson({ oldRevision, rollout });
  return createHash("sha256").update(`${previousHash}\n${content}`).digest("hex");
}

export function isUnaltered(entry: AuditEntry): boolean {
  return entry.hash === hashOf(entry.previousHash, entry);
}

/** It is about a change that was no write. */
export function isNote({ oldRevision, rollout }: Unchained): boolean {
  return oldRevision === rollout.distribution.revision;
}

/**
 * What is wrong with entries that follow one another, newest first: altered ones, and places where some were taken out.
 * That older ones were dropped is no fault.
 * @param kept What the store holds, when the entries are the newest: it must be among them.
 */
export function verifyChain(entries: readonly AuditEntry[], kept?: Rollout): readonly string[] {
  return [
    ...missingNewest(entries, kept),
    ...entries.flatMap((entry, i) => {
      const before = entries[i + 1];
      const problems: string[] = [];
      if (!isUnaltered(entry)) problems.push(`${nameOf(entry)} was altered: its hash is another`);
      if (before !== undefined && entry.previousHash !== before.hash)
        problems.push(`between ${nameOf(before)} and ${nameOf(entry)} something was taken out`);
      return problems;
    }),
  ];
}

function missingNewest(entries: readonly AuditEntry[], kept: Rollout | undefined): string[] {
  if (kept === undefined) return [];
  const newest = entries.find((entry) => !isNote(entry))?.rollout;
  if (newest?.changed.auditId === kept.changed.auditId) return [];
  const { revision } = kept.distribution;
  return [`the change that made revision ${revision}, ${kept.changed.auditId}, was taken out`];
}

function nameOf({ rollout: { distribution, changed } }: AuditEntry): string {
  return `the change that made revision ${distribution.revision}, ${changed.auditId},`;
}
