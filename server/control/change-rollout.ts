import { isDeepStrictEqual } from "node:util";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { changeRollout } from "../../router/rollout/change-rollout.ts";
import { earlierRevision } from "../../router/rollout/earlier-revision.ts";
import { hasSameContent } from "../../router/rollout/has-same-content.ts";
import type { IntentOf } from "../../router/rollout/intent.ts";
import { movedBasisPoints } from "../../router/rollout/moved-basis-points.ts";
import { revisionOf } from "../../router/rollout/revision-of.ts";
import type { Author, Rollout } from "../../router/rollout/rollout.ts";
import { existing, type Subject } from "../../router/rollout/subject.ts";
import type { AuditEntry } from "../../router/store/control-store.ts";
import { lostWrite } from "../../router/store/lost-write.ts";
import { intentOf, longestHistory, type Ask } from "./ask.ts";
import type { Control } from "./control.ts";
import { auditIdOf, findRepeat, type Keyed } from "./idempotency.ts";
import { mayTryAgain } from "./may-try-again.ts";
import { lookAt, type Standing } from "./standing.ts";
import { maybeChanged, unchanged } from "./store-failure.ts";
import { warnOfUnheld } from "./warn-of-unheld.ts";

export interface ChangeRequest {
  readonly model: string;
  readonly ask: Ask;
  /** Only when this is what is kept. */
  readonly expectRevision?: number;
  /** Says what would be, and writes nothing. */
  readonly isDryRun?: boolean;
  /** A repeat within a day gets the first answer. */
  readonly idempotencyKey?: string;
}

export interface Changed {
  readonly oldRevision: number;
  readonly rollout: Rollout;
  /** "": it was a dry run. */
  readonly auditId: string;
  /** Of 10,000 users, how many get another version. */
  readonly movedBasisPoints: number;
  /** The answer of an earlier request with the same idempotency key. */
  readonly isRepeat: boolean;
  /** What routers had that is adopted; 0: nothing is adopted, or that was before. */
  readonly heldRevision: number;
  /** Of an undo: one further back; 0: there is none. */
  readonly earlierRevision: number;
  readonly warnings: readonly string[];
}

/** Who asks, why and when. */
export type Asker = Omit<Author, "auditId">;

const mostAttempts = 5;

/** Reads what is kept, does what is asked to it, and writes that if nobody was faster. */
export async function change(
  control: Control,
  request: ChangeRequest,
  asker: Asker,
): Promise<Changed> {
  const keyed = keyedOf(request, asker);
  const author = { ...asker, auditId: auditIdOf(keyed) };
  for (let attempt = 1; ; attempt++) {
    const standing = await lookAt(control, request.model).catch((error: unknown) => {
      throw unchanged(error, request.model);
    });
    const parts = { store: control.store, ...standing, nowMs: asker.atMs };
    const repeat = await findRepeat(keyed, parts);
    if (repeat !== undefined) return repeated(control, repeat);
    const changed = await decide({ control, standing }, request, author);
    if (isAlreadySo(changed.rollout, standing.kept))
      return { ...changed, rollout: standing.kept!, auditId: "" };
    if (request.isDryRun === true) return { ...changed, auditId: "" };
    const lost = await write(control, changed);
    if (lost === undefined) return changed;
    const isLast = request.expectRevision !== undefined || attempt === mostAttempts;
    if (!isLast && (await mayTryAgain(control.store, request.ask, changed))) continue;
    // Unless it was the same request, at another router, that was faster.
    const kept = await control.store.read(request.model);
    if ((await findRepeat(keyed, { ...parts, kept })) === undefined) throw lost;
  }
}

/** Nothing is remembered of a dry run. */
function keyedOf(
  { idempotencyKey: key, ...content }: ChangeRequest,
  { by, reason }: Asker,
): Keyed | undefined {
  if (key === undefined || content.isDryRun === true) return undefined;
  return { key, by, content: { ...content, reason } };
}

async function repeated(
  { store }: Control,
  { oldRevision, rollout }: AuditEntry,
): Promise<Changed> {
  const { distribution, changed } = rollout;
  const answered = { oldRevision, rollout, auditId: changed.auditId, ...nothingToAdd };
  // What was adopted, its routers had.
  if (changed.verb === "adopt") return { ...answered, movedBasisPoints: 0, isRepeat: true };
  const [former] = await store.history(distribution.model, { limit: 1, below: oldRevision + 1 });
  const moved = movedBasisPoints(former?.rollout.distribution, distribution);
  return { ...answered, movedBasisPoints: moved, isRepeat: true };
}

const nothingToAdd = { heldRevision: 0, earlierRevision: 0, warnings: [] } as const;

/** Nothing would differ but who made it so and when. What is adopted differs by its revision, which routers wait for. */
function isAlreadySo(next: Rollout, kept: Rollout | undefined): boolean {
  return (
    kept !== undefined &&
    next.changed.verb !== "adopt" &&
    hasSameContent(next.distribution, kept.distribution) &&
    isDeepStrictEqual([next.plan, next.state], [kept.plan, kept.state])
  );
}

interface Deciding {
  readonly control: Control;
  readonly standing: Standing;
}

async function decide(
  { control, standing }: Deciding,
  { model, ask, expectRevision }: ChangeRequest,
  author: Author,
): Promise<Changed> {
  const { kept } = standing;
  const oldRevision = revisionOf(kept);
  if (expectRevision !== undefined && expectRevision !== oldRevision)
    throw lostWrite(
      { distribution: { model, revision: expectRevision + 1 } },
      expectRevision,
      kept,
    );
  if (ask.verb !== "adopt") assertNotBehind(standing);
  const dwelt = kept && { dweltMs: control.dweltMs(kept) };
  const subject = { model, rollout: kept ?? beginning(control, model), ...dwelt };
  const intent = await intentOf(ask, { store: control.store, subject, standing });
  const rollout = changeRollout(subject, intent, author);
  const { auditId } = author;
  const adopted = intent.verb === "adopt" ? intent.held : undefined;
  const before = adopted ?? subject.rollout;
  return {
    oldRevision,
    rollout,
    auditId,
    movedBasisPoints: movedBasisPoints(before?.distribution, rollout.distribution),
    isRepeat: false,
    heldRevision: revisionOf(adopted),
    earlierRevision: intent.verb === "undo" ? await furtherBack(control, intent, subject) : 0,
    warnings: warnOfUnheld({ intent, before, after: rollout, reports: standing.reports }),
  };
}

async function furtherBack(
  { store }: Control,
  { former }: IntentOf<"undo">,
  { model, rollout }: Subject,
): Promise<number> {
  const history = await store.history(model, { limit: longestHistory, below: former.revision });
  const undone = { former, left: existing({ model, rollout }).distribution };
  return (
    earlierRevision(
      undone,
      history.map((entry) => entry.rollout.distribution),
    ) ?? 0
  );
}

function assertNotBehind({ model, kept, isBehind, highest, router }: Standing): void {
  if (!isBehind) return;
  const revision = kept?.distribution.revision;
  const store = revision === undefined ? "keeps none" : `is at revision ${revision}`;
  const theirs =
    highest === revision ? "has another one by that number" : `has revision ${highest}`;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `the store lost changes of ${model}: it ${store}, and ${router} ${theirs}; run \`crossfade rollout adopt ${model}\` first`,
  );
}

/** What routers were given to begin with, where nothing is kept yet. */
function beginning(control: Control, model: string): Rollout | undefined {
  const held = control.rollout(model);
  return held?.distribution.revision === 0 ? held : undefined;
}

/** @returns Set: somebody else was faster. */
async function write(
  control: Control,
  { rollout, oldRevision }: Changed,
): Promise<ServingError | undefined> {
  try {
    await control.store.write(rollout, oldRevision);
  } catch (thrown) {
    const error = ServingError.from(thrown);
    if (error.code === Code.ABORTED) return error;
    throw maybeChanged(error);
  }
  await control.take(rollout);
  return undefined;
}
