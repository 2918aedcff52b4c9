import { randomBytes } from "node:crypto";
import { ServingError } from "../../proto/serving-error.ts";
import type { Distribution } from "../../router/distribution.ts";
import { formerOf } from "../../router/rollout/former-of.ts";
import type { Intent } from "../../router/rollout/intent.ts";
import { revisionOf } from "../../router/rollout/revision-of.ts";
import { existing, type Subject } from "../../router/rollout/subject.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import { modelReport } from "../../router/observe/model-report.ts";
import type { Standing } from "./standing.ts";

type LookedUp = "set version" | "undo" | "adopt";

/** What somebody asks for; what an intent needs beyond that is looked up. */
export type Ask =
  | Exclude<Intent, { readonly verb: LookedUp }>
  | { readonly verb: "set version"; readonly arm: string; readonly version: string }
  /** Absent: before the last change of the arms. */
  | { readonly verb: "undo"; readonly toRevision?: number }
  | { readonly verb: "adopt" };

export interface AskParts {
  readonly store: Pick<ControlStore, "history">;
  readonly subject: Subject;
  readonly standing: Standing;
}

/** How far back undo looks. */
export const longestHistory = 500;

export async function intentOf(ask: Ask, parts: AskParts): Promise<Intent> {
  if (ask.verb === "set version") return { ...ask, salt: randomBytes(12).toString("base64url") };
  if (ask.verb === "undo") return { verb: "undo", former: await formerFor(ask.toRevision, parts) };
  if (ask.verb === "adopt") return adopting(parts);
  return ask;
}

async function formerFor(
  toRevision: number | undefined,
  { store, subject }: AskParts,
): Promise<Distribution> {
  const rollout = existing(subject);
  const { model } = subject;
  const below = toRevision === undefined ? {} : { below: toRevision + 1 };
  const limit = toRevision === undefined ? longestHistory : 1;
  const entries = await store.history(model, { limit, ...below });
  const former =
    toRevision === undefined
      ? formerOf(
          rollout,
          entries.map((entry) => entry.rollout),
        )
      : entries
          .map((entry) => entry.rollout.distribution)
          .find((one) => one.revision === toRevision);
  if (former !== undefined) return former;
  throw toRevision === undefined
    ? new ServingError("FAILED_PRECONDITION", `${model} was never anything else: nothing to undo`)
    : new ServingError(
        "NOT_FOUND",
        `${model} has no revision ${toRevision} in its history; \`history\` lists those that it has`,
      );
}

/** What routers already have is refused by the verb itself. */
function adopting({ standing, subject: { rollout } }: AskParts): Intent {
  const { model, highest, held, router, isBehind, kept } = standing;
  if (!isBehind && rollout !== undefined) return { verb: "adopt", held: rollout, highest };
  // Where both have another one by the same number, routers are right: they have been running theirs.
  const above = Math.max(highest, revisionOf(kept) + 1, highestSilent(standing));
  if (isBehind && held !== undefined) return { verb: "adopt", held, highest: above };
  throw new ServingError(
    "FAILED_PRECONDITION",
    highest === 0
      ? `no router has a rollout of ${model}, and the store keeps none: nothing to adopt`
      : `only ${router} has revision ${highest} of ${model}, and has not told it yet; try again in some seconds`,
  );
}

/** A router that was cut off takes what is adopted when it is back. */
function highestSilent({ model, reports }: Standing): number {
  return Math.max(...reports.map(({ models }) => modelReport(models, model)?.revision ?? 0));
}
