import { isDeepStrictEqual } from "node:util";
import { verifyChain } from "../../router/store/audit-chain.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { revisionOf } from "../../router/rollout/revision-of.ts";
import { killedAuditBytes, killedModels, rolloutAt } from "./killed-rollouts.ts";

type Revisions = ReadonlyMap<string, number>;

export interface Expected {
  /** What was acknowledged. */
  readonly atLeast: Revisions;
  /** What was there before the process that was killed. */
  readonly before: Revisions;
}

export interface Examined {
  readonly held: Revisions;
  readonly missed: readonly string[];
  /** A change is there that was not acknowledged. */
  readonly isAhead: boolean;
  readonly hasTornLine: boolean;
}

/** Opens the folder as the next process would. */
export async function examineFileStore(dir: string, expected: Expected): Promise<Examined> {
  const notices: string[] = [];
  const store = await openFileStore({
    dir,
    maxAuditBytes: killedAuditBytes,
    onNotice: (notice) => void notices.push(notice),
  });
  try {
    const held = new Map<string, number>();
    const missed: string[] = [];
    for (const model of killedModels) {
      const since = expected.before.get(model)!;
      held.set(model, await examineModel(store, { model, since, missed }));
    }
    const isAhead = compare(held, expected, missed);
    const torn = notices.filter((notice) => notice.includes("torn line"));
    missed.push(...notices.filter((notice) => !torn.includes(notice)));
    return { held, missed, isAhead, hasTornLine: torn.length > 0 };
  } finally {
    await store.close();
  }
}

interface ExaminedModel {
  readonly model: string;
  /** The log is large enough for all that was written after this revision. */
  readonly since: number;
  readonly missed: string[];
}

/** Its revision. */
async function examineModel(
  store: ControlStore,
  { model, since, missed }: ExaminedModel,
): Promise<number> {
  const kept = await store.read(model);
  const revision = revisionOf(kept);
  if (kept === undefined) return 0;
  if (!isDeepStrictEqual(kept, rolloutAt(model, revision)))
    missed.push(`${model} at revision ${revision} is not what was written`);
  const history = await store.history(model, { limit: 10_000 });
  if (history.length < revision - since)
    missed.push(`the log has ${history.length} changes of ${model}, from ${since} to ${revision}`);
  missed.push(...verifyChain(history, kept).map((problem) => `${model}: ${problem}`));
  for (const [i, { rollout }] of history.entries()) {
    const { distribution } = rollout;
    if (distribution.revision !== revision - i)
      missed.push(`${model}: ${distribution.revision} stands where ${revision - i} should`);
    else if (!isDeepStrictEqual(rollout, rolloutAt(model, revision - i)))
      missed.push(`the entry of ${model} at revision ${revision - i} is not what was written`);
  }
  return revision;
}

/** Whether something is there that was not acknowledged. */
function compare(held: Revisions, { atLeast, before }: Expected, missed: string[]): boolean {
  let isAhead = false;
  for (const [model, revision] of held) {
    const least = Math.max(atLeast.get(model) ?? 0, before.get(model)!);
    if (revision < least) missed.push(`${model} is at ${revision}; ${least} was acknowledged`);
    if (revision > least + 1) missed.push(`${model} is at ${revision}; ${least + 1} was in flight`);
    if (revision > least) isAhead = true;
  }
  return isAhead;
}
