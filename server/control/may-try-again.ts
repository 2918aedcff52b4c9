import { isAdvanced } from "../../router/rollout/advance.ts";
import { isNote } from "../../router/store/audit-chain.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Ask } from "./ask.ts";
import type { Changed } from "./change-rollout.ts";

/** They say where to end up, from wherever it is now; and whoever asks for them is in a hurry. */
const fromAnywhere: readonly Ask["verb"][] = ["abort", "pause", "set kill-switch"];
/** They mean the same after a step that came by itself. The others do not: `promote` and `undo` would go one further. */
const afterAStep: readonly Ask["verb"][] = ["set weight", "set version", "set steps", "apply"];

/** Whether what somebody asked for is still what he means, now that somebody else was faster. */
export async function mayTryAgain(
  store: Pick<ControlStore, "history">,
  ask: Ask,
  { oldRevision, rollout: { distribution } }: Pick<Changed, "oldRevision" | "rollout">,
): Promise<boolean> {
  if (fromAnywhere.includes(ask.verb)) return true;
  const isFull = ask.verb === "promote" && ask.full;
  if (!isFull && !afterAStep.includes(ask.verb)) return false;
  const entries = await store.history(distribution.model, { limit: 10 });
  const between = entries.find((entry) => !isNote(entry));
  return between?.oldRevision === oldRevision && isAdvanced(between.rollout);
}
