import type {
  ChangeRolloutResponse,
  Rollout,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import type { Look } from "../output.ts";
import { armsText } from "./arms-text.ts";
import { percent } from "./numbers.ts";
import { stateText } from "./state-text.ts";

export interface ShownChange {
  readonly changed: ChangeRolloutResponse;
  readonly isDryRun: boolean;
}

/** What a change did, or would do. */
export function changeView({ changed, isDryRun }: ShownChange, look: Look): string {
  const { rollout, oldRevision, newRevision, isRepeat } = changed;
  if (isNothing(changed))
    return `${rollout?.model}   revision ${newRevision}   already so; nothing changed\n`;
  const revisions = look.style.bold(`revision ${oldRevision} -> ${newRevision}`);
  const note = isDryRun
    ? "   (dry run: nothing was changed)"
    : isRepeat
      ? "   (done before, with the same idempotency key)"
      : "";
  const lines = [`${rollout?.model}   ${revisions}${note}`];
  if (rollout !== undefined) lines.push(`${stateText(rollout, look.nowMs)}: ${armsText(rollout)}`);
  lines.push(movedText(changed, isDryRun), ...warnings(rollout), ...furtherBack(changed));
  if (look.isWide && changed.auditId !== "") lines.push(`audit id ${changed.auditId}`);
  return lines.map((line) => `${line}\n`).join("");
}

function isNothing({ oldRevision, newRevision, isRepeat }: ChangeRolloutResponse): boolean {
  return oldRevision === newRevision && !isRepeat;
}

/** A second undo would only undo the first. */
function furtherBack({ earlierRevision }: ChangeRolloutResponse): readonly string[] {
  return earlierRevision === 0
    ? []
    : [`one further back: \`undo --to-revision ${earlierRevision}\``];
}

function movedText(changed: ChangeRolloutResponse, isDryRun: boolean): string {
  const { movedBasisPoints: moved, oldRevision, heldRevision, rollout } = changed;
  if (rollout?.changed?.verb === "adopt") return adoptedText(heldRevision, isDryRun);
  if (oldRevision === 0)
    return "until now the servers chose the version: who gets another one, nobody knows";
  if (moved === 0) return `no user ${isDryRun ? "would get" : "gets"} another version`;
  const share = `${formatBasisPoints(moved)} (${percent(moved / 10_000)})`;
  return `${share} of the users ${isDryRun ? "would get" : "get"} another version`;
}

function adoptedText(heldRevision: number, isDryRun: boolean): string {
  const held = heldRevision === 0 ? "this" : `revision ${heldRevision}, which is this`;
  const stays = isDryRun ? "would get" : "gets";
  return `routers held ${held}: no user of theirs ${stays} another version`;
}

function warnings(rollout: Rollout | undefined): readonly string[] {
  if (rollout === undefined || rollout.killSwitch === "") return [];
  return [`the kill switch is on: weights hold again after \`set kill-switch off\``];
}
