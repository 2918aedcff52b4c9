import type { ObservedArm } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { joinObserved } from "../../../router/observe/join-observed.ts";
import { modelReport } from "../../../router/observe/model-report.ts";
import { countUsers } from "../../../router/observe/user-sketch.ts";
import type { Rollout } from "../../../router/rollout/rollout.ts";
import type { RouterReport } from "../../../router/observe/router-report.ts";

/** What was seen under this revision; other revisions had other weights. */
export function observedArms(
  reports: readonly RouterReport[],
  { distribution }: Rollout,
): ObservedArm[] {
  const { model, revision } = distribution;
  const seen = reports.flatMap(({ models }) => {
    const report = modelReport(models, model);
    return report?.revision === revision ? [report.observed] : [];
  });
  const { arms } = joinObserved(seen);
  return distribution.arms.flatMap(({ name }) => {
    const arm = Object.hasOwn(arms, name) ? arms[name] : undefined;
    return arm === undefined
      ? []
      : [{ arm: name, rows: arm.rows, distinctUsers: countUsers(arm.users) }];
  });
}
