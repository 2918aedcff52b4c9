import { randomUUID } from "node:crypto";
import type {
  LowerArmRequest,
  LowerArmResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { bucketCount } from "../../../router/bucket.ts";
import { assertLowerable, longestLoweredMs } from "../../../router/lowered-distribution.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import type { Log } from "../../log/log.ts";
import type { Control } from "../control.ts";
import type { AuditNotes } from "./audit-notes.ts";
import type { Caller } from "./authenticate.ts";
import { readReason } from "./read-reason.ts";
import { loweredMessage } from "./rollout-message.ts";
import { unknownRollout } from "./unknown-rollout.ts";

export interface LowerArmParts {
  readonly control: Control;
  readonly notes: AuditNotes;
  readonly log: Log;
  readonly nowMs: number;
}

/** Does not wait for the store: that is what it is for. */
export async function lowerArm(
  request: LowerArmRequest,
  { name: by, from }: Caller,
  { control, notes, log, nowMs }: LowerArmParts,
): Promise<LowerArmResponse> {
  const { model, arm, basisPoints: weight, ttlMs } = request;
  const reason = readReason(request.reason);
  const ends = weight === bucketCount;
  if (!ends && (ttlMs < 1 || ttlMs > longestLoweredMs))
    throw new ServingError(
      "INVALID_ARGUMENT",
      `ttl_ms is ${ttlMs}; it must be from 1 to ${longestLoweredMs}, which is a day`,
    );
  const rollout = control.rollout(model);
  if (rollout === undefined) throw unknownRollout(control, model);
  const lowered = { arm, weight, untilMs: nowMs + (ends ? 0 : ttlMs), by, reason };
  const reply = { router: control.router, lowered: loweredMessage(lowered) };
  if (request.dryRun) {
    assertLowerable(rollout.distribution, lowered, nowMs);
    return { ...reply, auditId: "", isNoted: false };
  }
  notes.assertRoom();
  await control.lower(model, lowered);
  const until = new Date(lowered.untilMs).toISOString();
  const what = ends
    ? `${arm} no longer lowered on ${control.router}`
    : `${arm} to ${formatBasisPoints(weight)} on ${control.router} until ${until}`;
  const auditId = randomUUID();
  const changed = { auditId, verb: "lower", by, from, reason: `${what}: ${reason}`, atMs: nowMs };
  const isNoted = await notes.add({ ...rollout, changed });
  const about = { model, arm, ...(!ends && { weight, until }), by, from, reason };
  const message = ends ? "arm no longer lowered" : "arm lowered";
  log.warn(`${message} on this router alone`, { ...about, auditId, isNoted });
  return { ...reply, auditId, isNoted };
}
