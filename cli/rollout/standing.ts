import {
  Phase,
  StoreState,
  type GetRolloutResponse,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { progressOf } from "./router-progress.ts";
import { unheldArms } from "./unheld-arms.ts";

/** How a rollout stands, the worst first; `status --exit-code` exits with the number. */
export const standings = {
  "store down": 7,
  "routers behind": 6,
  "held by no server": 10,
  "arm lowered": 9,
  "kill switch": 8,
  aborted: 5,
  paused: 4,
  progressing: 3,
  healthy: 0,
} as const;
export type Standing = keyof typeof standings;

export function standingOf(status: GetRolloutResponse): Standing {
  const { rollout, routers, store } = status;
  if (rollout === undefined || store !== StoreState.OK) return "store down";
  if (!progressOf(status, rollout.revision).isThere) return "routers behind";
  if (unheldArms(rollout).length > 0) return "held by no server";
  if (routers.some(({ lowered }) => lowered !== undefined)) return "arm lowered";
  if (rollout.killSwitch !== "") return "kill switch";
  return phaseStandings.get(rollout.phase) ?? "healthy";
}

const phaseStandings: ReadonlyMap<Phase, Standing> = new Map([
  [Phase.ABORTED, "aborted"],
  [Phase.PAUSED, "paused"],
  [Phase.STEPPING, "progressing"],
]);
