import {
  StoreState,
  type GetRolloutResponse,
  type RouterState,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { createAlarm } from "../../../router/alarm.ts";
import type { Control } from "../control.ts";
import { rolloutStatus } from "./rollout-status.ts";

const behindMs = 1_000;
/** For what nobody tells of, e.g. a router that is not heard of any more. */
const quietMs = 5_000;

/** The status now, whenever it changes, and every second while a router is behind or silent; until a signal aborts. */
export async function* watchRollout(
  control: Control,
  model: string,
  until: readonly AbortSignal[],
): AsyncGenerator<GetRolloutResponse> {
  const { ring, wait } = createAlarm();
  const leave = control.watch(ring);
  for (const signal of until) signal.addEventListener("abort", ring);
  let told = "";
  try {
    while (!until.some(({ aborted }) => aborted)) {
      const status = await rolloutStatus(control, model);
      const isBehind = hasStragglers(status);
      const news = newsIn(status);
      if (news !== told || isBehind) yield status;
      told = news;
      await wait(isBehind ? behindMs : quietMs);
    }
  } finally {
    leave();
    for (const signal of until) signal.removeEventListener("abort", ring);
  }
}

function hasStragglers({ rollout, routers, store }: GetRolloutResponse): boolean {
  const isStraggler = ({ revision, isSilent }: RouterState) =>
    revision !== rollout!.revision || isSilent;
  return store !== StoreState.OK || routers.some(isStraggler);
}

/** What does not change all the time. */
function newsIn({ rollout, routers, store }: GetRolloutResponse): string {
  const states = routers.map(({ router, revision, lowered, contradictions, isSilent }) => {
    return [router, revision, lowered, contradictions > 0, isSilent];
  });
  return JSON.stringify([rollout, store, states]);
}
