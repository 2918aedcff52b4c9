import type {
  ChangeRolloutRequest,
  ChangeRolloutResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { change, type Changed } from "../change-rollout.ts";
import type { Caller } from "./authenticate.ts";
import type { OperationParts } from "./operations.ts";
import { readChange } from "./read-change.ts";
import { readReason } from "./read-reason.ts";
import { rolloutMessage } from "./rollout-message.ts";

export async function makeChange(
  request: ChangeRolloutRequest,
  { name: by, from }: Caller,
  { control, log, nowMs }: OperationParts,
): Promise<ChangeRolloutResponse> {
  const asked = readChange(request);
  const reason = readReason(request.reason);
  const changed = await change(control, asked, { by, from, reason, atMs: nowMs() });
  const isWritten = changed.auditId !== "";
  if (isWritten) log.info("rollout changed", told(changed, { by, from }));
  return {
    oldRevision: changed.oldRevision,
    newRevision: changed.rollout.distribution.revision,
    auditId: changed.auditId,
    rollout: rolloutMessage(changed.rollout),
    movedBasisPoints: changed.movedBasisPoints,
    isRepeat: changed.isRepeat,
    heldRevision: changed.heldRevision,
    earlierRevision: changed.earlierRevision,
    warnings: [...changed.warnings],
  };
}

function told(
  { rollout, oldRevision, isRepeat }: Changed,
  who: { readonly by: string; readonly from: string },
) {
  const { distribution, changed } = rollout;
  return {
    model: distribution.model,
    verb: changed.verb,
    oldRevision,
    newRevision: distribution.revision,
    ...who,
    reason: changed.reason,
    auditId: changed.auditId,
    ...(isRepeat && { isRepeat }),
  };
}
