import { anyObject, list, object, optional } from "../../../models/bundle/shape.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { firstHash, isNote, isUnaltered } from "../audit-chain.ts";
import { checkEntry } from "../check-entry.ts";
import { checkRollout } from "../../rollout/check-rollout.ts";
import type { AuditEntry } from "../control-store.ts";
import { revisionOf } from "../../rollout/revision-of.ts";
import { refusal } from "../../parse-distribution.ts";
import { seal, unseal } from "../sealed-json.ts";
import type { AuditLine } from "./audit-log.ts";

/** What is kept of one model: changed as one, with the newest entry of its history. */
export interface KeptModel {
  /** Absent: there was nothing but a note. */
  readonly rollout?: Rollout;
  readonly newest: AuditEntry;
}

export type Kept = ReadonlyMap<string, KeptModel>;

const kind = { kind: "crossfade rollouts", format: 1 };

export function encodeKept(kept: Kept): string {
  return seal(kind, [...kept.values()]);
}

/** Throws what `unseal` and `checkRollout` throw. */
export function decodeKept(json: string, source: string): Kept {
  const problems: string[] = [];
  const read = list(anyObject, Number.MAX_SAFE_INTEGER)(unseal(json, kind, source), "", problems);
  const models = read.map((value, i) => checkModel(value, `entry ${i} of ${source}`));
  if (problems.length > 0) throw refusal(source, problems);
  return new Map(models.map((model) => [model.newest.rollout.distribution.model, model]));
}

function checkModel(value: unknown, source: string): KeptModel {
  const problems: string[] = [];
  const model = object<KeptModel>({
    rollout: optional((rollout) => checkRollout(rollout, source)),
    newest: (entry) => checkEntry(entry, source),
  })(value, "", problems);
  if (problems.length > 0) throw refusal(source, problems);
  return model;
}

/** The newest entry as a line of the audit log. */
export function newestLine(model: string, { rollout, newest }: KeptModel): AuditLine {
  return { model, revision: revisionOf(rollout), entry: newest };
}

/**
 * What is kept after an entry of the audit log; undefined: the same as before. A write holds all there is to know, so it
 * need not follow the one before.
 */
export function afterEntry(kept: KeptModel | undefined, entry: AuditEntry): KeptModel | undefined {
  if (!isUnaltered(entry)) return undefined;
  const { rollout } = entry;
  if (!isNote(entry))
    return revisionOf(rollout) > revisionOf(kept?.rollout) ? { rollout, newest: entry } : undefined;
  if (entry.previousHash !== (kept?.newest.hash ?? firstHash)) return undefined;
  return { ...kept, newest: entry };
}
