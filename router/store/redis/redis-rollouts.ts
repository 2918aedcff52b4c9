import { ServingError } from "../../../proto/serving-error.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { checkRollout } from "../../rollout/check-rollout.ts";
import type { ControlStore, Unreadable } from "../control-store.ts";
import { takePage } from "../history-page.ts";
import { lostWrite } from "../lost-write.ts";
import type { Connection } from "./connection.ts";
import type { Reading } from "./follow.ts";
import type { Keys } from "./keys.ts";
import { createHistory } from "./redis-history.ts";
import { runScript } from "./run-script.ts";
import { noteScript, writeScript } from "./scripts.ts";

export interface AuditLimits {
  /** Of each model's history. */
  readonly maxAuditEntries: number;
  /** The same, in bytes of JSON. */
  readonly maxAuditBytes: number;
}

export type RedisRollouts = Pick<ControlStore, "read" | "write" | "note" | "history"> & {
  /** What it can; rejects when there is no telling which models there are. */
  readAll(): Promise<Reading>;
};

export function createRollouts(
  connection: Connection,
  keys: Keys,
  { maxAuditEntries, maxAuditBytes }: AuditLimits,
): RedisRollouts {
  const history = createHistory(connection, keys);
  const limits = [maxAuditEntries, maxAuditBytes];
  const keysOf = (model: string) => [keys.rollout(model), keys.audit(model)];

  function documentOf(model: string): Promise<string | null> {
    return connection.send("hget", [keys.rollout(model), "document"]) as Promise<string | null>;
  }

  return {
    async read(model) {
      const document = await documentOf(model);
      return document === null ? undefined : parseRollout(document, model);
    },
    async readAll() {
      const models = (await connection.send("smembers", [keys.models])) as string[];
      const found = await Promise.allSettled(models.map(documentOf));
      const failures = found.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      const documents = found.map((one) => (one.status === "fulfilled" ? one.value : null));
      return { ...readDocuments(models, documents), failures };
    },
    async write(rollout, expected) {
      const { model, revision } = rollout.distribution;
      const { auditId } = rollout.changed;
      // Before there is a rollout: a name without one does no harm, one that nobody lists would.
      await connection.send("sadd", [keys.models, model]);
      const change = [expected, revision, JSON.stringify(rollout), auditId];
      const answer = await history.append({ oldRevision: expected, rollout }, (link) => {
        const args = [...change, ...link, keys.channel, model, ...limits];
        return runScript(connection, writeScript, { keys: keysOf(model), args });
      });
      if (answer[0] === "done") return;
      const kept = typeof answer[1] === "string" ? parseRollout(answer[1], model) : undefined;
      throw lostWrite(rollout, expected, kept);
    },
    async note(rollout) {
      const { model, revision } = rollout.distribution;
      await history.append({ oldRevision: revision, rollout }, (link) => {
        const args = [rollout.changed.auditId, ...link, ...limits];
        return runScript(connection, noteScript, { keys: keysOf(model), args });
      });
    },
    history: (model, page) => takePage(history.backwards(model, page), page),
  };
}

function readDocuments(models: readonly string[], documents: readonly (string | null)[]) {
  const rollouts: Rollout[] = [];
  const unreadable: Unreadable[] = [];
  models.forEach((model, i) => {
    const document = documents[i];
    if (document === null || document === undefined) return;
    try {
      rollouts.push(parseRollout(document, model));
    } catch (error) {
      unreadable.push({ model, why: ServingError.from(error) });
    }
  });
  return { rollouts, unreadable };
}

function parseRollout(json: string, model: string): Rollout {
  const source = `the rollout of ${model} in the store`;
  try {
    return checkRollout(JSON.parse(json), source);
  } catch (error) {
    if (error instanceof ServingError) throw error;
    throw new ServingError("DATA_LOSS", `${source} is damaged: ${String(error)}`);
  }
}
