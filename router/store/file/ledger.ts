import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { HistoryPage } from "../control-store.ts";
import type { HistoryLine } from "../history-page.ts";
import { replaceFile, syncFolder } from "../replace-file.ts";
import { type AuditLog, openAuditLog } from "./audit-log.ts";
import { encodeKept, type Kept, type KeptModel, newestLine } from "./kept.ts";
import { keptFiles, loadKept } from "./load-kept.ts";
import { claimFolder, type Ownership } from "./owner.ts";

export interface LedgerOptions {
  readonly dir: string;
  /** Of each of the two files of the audit log. */
  readonly maxAuditBytes: number;
  readonly onNotice: (sentence: string) => void;
}

/** A folder with what is kept now and how it came to that. One change at a time: whoever calls sees to it. */
export interface Ledger {
  readonly kept: Kept;
  /** On the disk when this resolves. When it rejects, `kept` still says what is there. */
  put(model: string, changed: KeptModel): Promise<void>;
  /** Of one model, newest first; of other entries than the page is about, some. */
  history(model: string, page?: Omit<HistoryPage, "limit">): AsyncIterable<HistoryLine>;
  close(): Promise<void>;
}

/** Rejects when another process has the folder, or when it cannot be used. */
export async function openLedger({ dir, maxAuditBytes, onNotice }: LedgerOptions): Promise<Ledger> {
  await mkdir(dir, { recursive: true });
  const owner = await claimFolder(dir);
  let log: AuditLog | undefined;
  try {
    await removeHalfWritten(dir);
    log = await openAuditLog({ dir, maxBytes: maxAuditBytes, onNotice });
    const kept = await loadKept({ dir, log, onNotice });
    return ledgerOver({ dir, owner, log, kept, logged: await newestLogged(log) });
  } catch (error) {
    await log?.close();
    await owner.release();
    throw error;
  }
}

interface Parts {
  readonly dir: string;
  readonly owner: Ownership;
  readonly log: AuditLog;
  readonly kept: Map<string, KeptModel>;
  /** By model, the hash of the entry that was appended to the log last. */
  readonly logged: Map<string, string>;
}

function ledgerOver({ dir, owner, log, kept, logged }: Parts): Ledger {
  const { current, previous } = keptFiles(dir);

  /** An entry is in the file of what is kept until a change takes its place: before that it must be in the log. */
  async function logNewest(model: string): Promise<void> {
    const now = kept.get(model);
    if (now === undefined || logged.get(model) === now.newest.hash) return;
    await log.append(newestLine(model, now));
    logged.set(model, now.newest.hash);
  }

  return {
    kept,
    async put(model, changed) {
      await logNewest(model);
      await replaceFile(current, encodeKept(new Map(kept).set(model, changed)), previous);
      kept.set(model, changed);
      await syncFolder(dir);
      // The change is made. What keeps it from the log now will keep the next one from being made.
      await logNewest(model).catch(() => {});
    },
    async *history(model, { auditIdPrefix = "" } = {}) {
      const now = kept.get(model);
      if (now === undefined) return;
      const newest = newestLine(model, now);
      yield { ...newest, bytes: JSON.stringify(newest).length };
      for await (const line of log.backwards(model, auditIdPrefix))
        if (line.entry.hash !== now.newest.hash) yield line;
    },
    async close() {
      await log.close();
      await owner.release();
    },
  };
}

async function newestLogged(log: AuditLog): Promise<Map<string, string>> {
  const logged = new Map<string, string>();
  for await (const { model, entry } of log.forwards()) logged.set(model, entry.hash);
  return logged;
}

/** What killed processes left of files that they were about to replace. */
async function removeHalfWritten(dir: string): Promise<void> {
  const names = await readdir(dir);
  const halfWritten = names.filter((name) => /^rollouts(\.previous)?\.json\.\d+\.new$/.test(name));
  for (const name of halfWritten) await rm(join(dir, name), { force: true });
}
