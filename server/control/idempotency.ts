import { createHash, randomUUID } from "node:crypto";
import { ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import { canonicalJson } from "../../router/store/canonical-json.ts";
import type { AuditEntry, ControlStore } from "../../router/store/control-store.ts";

/**
 * A change that was asked for by a key has an audit id made of the key and of what was asked. Whoever asks again, of
 * whichever router, is answered by what is in the audit: there is nothing else to keep, to share or to bound.
 */
export interface Keyed {
  readonly key: string;
  /** Of whom: keys of different callers never meet. */
  readonly by: string;
  /** All that was asked, but for the key. */
  readonly content: unknown;
}

const dayMs = 24 * 60 * 60_000;

export function auditIdOf(keyed: Keyed | undefined): string {
  if (keyed === undefined) return randomUUID();
  return keyPartOf(keyed) + hash(canonicalJson(keyed.content)).slice(0, 16);
}

function keyPartOf({ key, by }: Keyed): string {
  return `key-${hash(canonicalJson([by, key])).slice(0, 32)}-`;
}

export interface RepeatParts {
  readonly store: Pick<ControlStore, "history">;
  readonly model: string;
  readonly kept: Rollout | undefined;
  readonly nowMs: number;
}

/** What was written for the key before, within a day. Throws ALREADY_EXISTS when something else was asked by it. */
export async function findRepeat(
  keyed: Keyed | undefined,
  parts: RepeatParts,
): Promise<AuditEntry | undefined> {
  if (keyed === undefined) return undefined;
  const keyPart = keyPartOf(keyed);
  const found = await findEntry(keyPart, parts);
  if (found === undefined || found.rollout.changed.auditId === auditIdOf(keyed)) return found;
  const { verb, atMs, auditId } = found.rollout.changed;
  throw new ServingError(
    "ALREADY_EXISTS",
    `the idempotency key "${keyed.key}" was used at ${new Date(atMs).toISOString()} for another request ("${verb}", ${auditId}); take a new key`,
  );
}

/** The newest change counts however old it is: stores take its audit id for one that was written. */
async function findEntry(
  auditIdPrefix: string,
  { store, model, kept, nowMs }: RepeatParts,
): Promise<AuditEntry | undefined> {
  const [found] = await store.history(model, { limit: 1, auditIdPrefix });
  const isNewest = kept?.changed.auditId.startsWith(auditIdPrefix) ?? false;
  const isRecent = (found?.rollout.changed.atMs ?? 0) > nowMs - dayMs;
  return isNewest || isRecent ? found : undefined;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
