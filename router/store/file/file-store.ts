import { ServingError } from "../../../proto/serving-error.ts";
import { revisionOf } from "../../rollout/revision-of.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { chain, firstHash } from "../audit-chain.ts";
import { checkRollout } from "../../rollout/check-rollout.ts";
import type { ControlStore } from "../control-store.ts";
import { fileError } from "../file-error.ts";
import { takePage } from "../history-page.ts";
import { lostWrite } from "../lost-write.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { standardReports } from "../report-limits.ts";
import { createFollowers } from "./followers.ts";
import { createHeardReports } from "./heard-reports.ts";
import { type Ledger, openLedger } from "./ledger.ts";

export interface FileStoreOptions {
  /** Made when it is missing. One process at a time. */
  readonly dir: string;
  /** Of each of the two files of the audit log. Default 8 MiB. */
  readonly maxAuditBytes?: number | undefined;
  /** How long a router is known that says nothing. Default an hour. */
  readonly reportTtlMs?: number | undefined;
  /** How many routers are known: those that were heard of last. Default 1,000. */
  readonly maxRouters?: number | undefined;
  readonly nowMs?: (() => number) | undefined;
  /** What was found amiss and mended, as a sentence for the log. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

const maxWaiting = 1_000;

/** Rollouts in a folder, for one process and those it started. Rejects when the folder cannot be used. */
export async function openFileStore(options: FileStoreOptions): Promise<ControlStore> {
  const { dir, maxAuditBytes = 8 * 2 ** 20, onNotice = () => {} } = options;
  try {
    return storeOver(await openLedger({ dir, maxAuditBytes, onNotice }), options);
  } catch (error) {
    throw fileError(dir, error);
  }
}

function storeOver(ledger: Ledger, options: FileStoreOptions): ControlStore {
  const { dir, nowMs = () => performance.now() } = options;
  const { reportTtlMs: ttlMs = standardReports.ttlMs } = options;
  const { maxRouters = standardReports.maxRouters } = options;
  const turns = oneAtATime(maxWaiting);
  const reports = createHeardReports({ ttlMs, maxRouters }, nowMs);
  const list = () =>
    Array.from(ledger.kept.values(), ({ rollout }) => rollout).filter((kept) => kept !== undefined);
  const followers = createFollowers(list);
  let closed: Promise<void> | undefined;

  async function whileOpen<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    if (closed !== undefined) throw new ServingError("UNAVAILABLE", `the store ${dir} is closed`);
    try {
      return await task();
    } catch (error) {
      throw fileError(dir, error);
    }
  }

  const inTurn = <Result>(task: () => Promise<Result>) => whileOpen(() => turns.take(task));

  return {
    name: `files in ${dir}`,
    read: (model) => whileOpen(() => ledger.kept.get(model)?.rollout),
    // What cannot be read it did not open with.
    list: () => whileOpen(() => ({ rollouts: list(), unreadable: [] })),
    async write(given, expected) {
      const rollout = copyOf(given);
      await inTurn(() => write(ledger, rollout, expected));
      // Also when it was there before: then the answer was lost, and perhaps the telling.
      followers.tell(rollout);
    },
    history: (model, page) => inTurn(() => takePage(ledger.history(model, page), page)),
    note: (given) => inTurn(() => note(ledger, copyOf(given))),
    follow: (follower, signal) => whileOpen(() => followers.add(follower, signal)),
    report: (report) => whileOpen(() => reports.put(report)),
    reports: () => whileOpen(() => reports.all()),
    leave: (router, instance) => whileOpen(() => reports.delete(router, instance)),
    async close() {
      closed ??= turns.idle().then(async () => {
        followers.close();
        await ledger.close();
      });
      await closed;
    },
  };
}

/** What is kept must not change with what the caller has. */
function copyOf(rollout: Rollout): Rollout {
  return checkRollout(JSON.parse(JSON.stringify(rollout)), "the rollout");
}

async function write(ledger: Ledger, rollout: Rollout, expected: number): Promise<void> {
  const { model, revision } = rollout.distribution;
  const now = ledger.kept.get(model);
  const held = revisionOf(now?.rollout);
  if (held !== expected || revision <= held) {
    if (await isKnown(ledger, rollout, revision)) return;
    throw lostWrite(rollout, expected, now?.rollout);
  }
  const newest = chain(now?.newest.hash ?? firstHash, { oldRevision: held, rollout });
  await ledger.put(model, { rollout, newest });
}

async function note(ledger: Ledger, rollout: Rollout): Promise<void> {
  const { model, revision } = rollout.distribution;
  const now = ledger.kept.get(model);
  if (await isKnown(ledger, rollout, revisionOf(now?.rollout))) return;
  const newest = chain(now?.newest.hash ?? firstHash, { oldRevision: revision, rollout });
  await ledger.put(model, { ...now, newest });
}

/** Whether an entry was made at that revision before: its answer got lost. */
async function isKnown(ledger: Ledger, rollout: Rollout, at: number): Promise<boolean> {
  const { distribution, changed } = rollout;
  for await (const { revision, entry } of ledger.history(distribution.model)) {
    if (revision < at) break;
    if (revision === at && entry.rollout.changed.auditId === changed.auditId) return true;
  }
  return false;
}
