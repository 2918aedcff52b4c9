import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Distribution } from "../../router/distribution.ts";
import { modelReport } from "../../router/observe/model-report.ts";
import { isRecent } from "../../router/observe/silence.ts";
import { hasSameContent } from "../../router/rollout/has-same-content.ts";
import { rolloutFormat, type Rollout } from "../../router/rollout/rollout.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import { parseDistributions } from "../routing/parse-distributions.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

/** Documents to begin with. */
export interface FirstDocuments {
  readonly documents: readonly Distribution[];
  /** Where they come from. */
  readonly file: string;
}

export async function readFirst(file: string | undefined): Promise<FirstDocuments> {
  if (file === undefined) return { documents: [], file: "" };
  return { documents: parseDistributions(await readFile(file, "utf8"), file), file };
}

/** For models of which nothing is held: routed by until the store says otherwise. */
export async function holdFirst(
  held: HeldRollouts,
  { documents, file }: FirstDocuments,
): Promise<void> {
  for (const document of documents) {
    if (held.of(document.model) !== undefined) continue;
    await held.take(rolloutOf({ ...document, revision: 0 }, { by: "", file, atMs: 0 }));
  }
}

export interface BeginRolloutsOptions extends FirstDocuments {
  readonly store: Pick<ControlStore, "write" | "reports">;
  readonly followed: Pick<FollowedStore, "isUp" | "stored">;
  readonly held: HeldRollouts;
  /** This router's name. */
  readonly router: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/**
 * Writes each document once, where the store holds none of its model and no router does: a store that lost its rollouts
 * gets them back by `adopt`.
 * @returns Whether there is nothing left to write.
 */
export function createBeginning(options: BeginRolloutsOptions): () => Promise<boolean> {
  const { documents, file, followed, held, log } = options;
  let left = documents;

  /** @returns Whether it need not be looked at again. */
  async function begin(document: Distribution): Promise<boolean> {
    const { model } = document;
    const stored = followed.stored(model)?.distribution;
    if (stored !== undefined) {
      if (!hasSameContent(stored, document))
        log.info("the store's rollout holds; the file only begins one where there is none", {
          model,
          revision: stored.revision,
          file,
          todo: `crossfade rollout apply puts the file's there`,
        });
      return true;
    }
    if (held.revisionOf(model) > 0 || (await isRouted(model, options))) return false;
    return write(document, options);
  }

  return async () => {
    if (!followed.isUp()) return false;
    const settled = await Promise.all(left.map((document) => begin(document)));
    left = left.filter((_, i) => !settled[i]);
    return left.length === 0;
  };
}

async function isRouted(model: string, { store }: BeginRolloutsOptions): Promise<boolean> {
  const reports = await store.reports();
  return reports
    .filter(isRecent)
    .some(({ models }) => (modelReport(models, model)?.revision ?? 0) > 0);
}

async function write(document: Distribution, options: BeginRolloutsOptions): Promise<boolean> {
  const { store, held, router, file, log, nowMs } = options;
  // Whatever the file says: a store that holds none has had none, and a huge one would leave no room for changes.
  const revision = 1;
  const by = { by: `router ${router}`, file, atMs: nowMs() };
  const first = rolloutOf({ ...document, revision }, by);
  try {
    await store.write(first, 0);
  } catch (thrown) {
    // Another router began with its own; this one hears of it.
    if (ServingError.from(thrown).code === Code.ABORTED) return true;
    throw thrown;
  }
  log.info("rollout begins", { model: document.model, revision, file });
  await held.take(first);
  return true;
}

interface Beginner {
  readonly by: string;
  readonly file: string;
  readonly atMs: number;
}

function rolloutOf(distribution: Distribution, { by, file, atMs }: Beginner): Rollout {
  return {
    format: rolloutFormat,
    distribution,
    state: { phase: "steady" },
    changed: {
      auditId: randomUUID(),
      verb: "begin",
      by,
      from: hostname(),
      reason: `to begin with, from ${file}`,
      atMs,
    },
  };
}
