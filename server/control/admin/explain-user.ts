import type {
  ExplainUserRequest,
  ExplainUserResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { lowerDistribution } from "../../../router/lowered-distribution.ts";
import { modelReport } from "../../../router/observe/model-report.ts";
import { explain } from "../../../router/rollout/explain.ts";
import type { Control } from "../control.ts";
import { unknownRollout } from "./unknown-rollout.ts";

/** By what this router routes by now: what it alone leaves of an arm included. */
export function explainUser(
  control: Control,
  { model, userId }: ExplainUserRequest,
): ExplainUserResponse {
  const rollout = control.rollout(model);
  if (rollout === undefined) throw unknownRollout(control, model);
  const { distribution } = rollout;
  const lowered = modelReport(control.report().models, model)?.lowered;
  const left = lowered && lowerDistribution(distribution, lowered);
  const { sentence, ...explained } = explain(left ?? distribution, userId);
  const only = `${control.router} alone leaves ${lowered?.arm} ${lowered?.weight}bp for now.`;
  const explanation = left === undefined ? sentence : `${sentence} ${only}`;
  return { ...explained, revision: distribution.revision, explanation };
}
