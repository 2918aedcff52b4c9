import type {
  SimulateWeightsRequest,
  SimulateWeightsResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { joinLoads } from "../../../router/observe/join-observed.ts";
import { modelReport } from "../../../router/observe/model-report.ts";
import { simulate } from "../../../router/rollout/simulate.ts";
import { isSilent } from "../../../router/observe/silence.ts";
import type { Control } from "../control.ts";
import { lookAt, ownReport } from "../standing.ts";
import { observedArms } from "./observed-arms.ts";
import { unlessDown } from "./rollout-status.ts";
import { unknownRollout } from "./unknown-rollout.ts";

/** By what living routers report: this one alone while the store is down. */
export async function simulateWeights(
  control: Control,
  { model, basisPoints }: SimulateWeightsRequest,
): Promise<SimulateWeightsResponse> {
  const rollout = control.rollout(model);
  if (rollout === undefined) throw unknownRollout(control, model);
  const standing = await lookAt(control, model).catch(unlessDown);
  const reports = standing?.reports ?? [ownReport(control)];
  const living = reports.filter((report) => !isSilent(report));
  const loads = living.map(({ models }) => modelReport(models, model)?.load ?? {});
  const simulated = simulate(rollout.distribution, basisPoints, joinLoads(loads));
  const usersPerBucket = new Map(
    observedArms(reports, rollout).map(({ arm, distinctUsers }) => {
      const { weight } = rollout.distribution.arms.find(({ name }) => name === arm)!;
      return [arm, weight === 0 ? 0 : distinctUsers / weight];
    }),
  );
  const moves = simulated.moves.map((move) => ({
    ...move,
    users: (usersPerBucket.get(move.from) ?? 0) * move.buckets,
  }));
  return { moves, loads: [...simulated.loads] };
}
