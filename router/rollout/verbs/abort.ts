import { isDeepStrictEqual } from "node:util";
import { bucketCount } from "../../bucket.ts";
import type { Distribution } from "../../distribution.ts";
import { reweigh } from "../../reweigh.ts";
import { refuse } from "../refuse.ts";
import type { Rollout } from "../rollout.ts";
import { existing, type VerbOf } from "../subject.ts";

export const abort: VerbOf<"abort"> = (subject, _, nowMs) => {
  const rollout = existing(subject);
  const distribution = allStable(rollout.distribution);
  if (rollout.plan === undefined && isDeepStrictEqual(distribution, rollout.distribution))
    throw refuse("abort", rollout, insteadOf(rollout));
  return { distribution, state: { phase: "aborted", sinceMs: nowMs } };
};

/** After a promotion the stable version is what somebody wants to be rid of. */
function insteadOf({ distribution, state }: Rollout): string {
  const { version } = distribution.arms[0]!;
  return state.phase === "promoted"
    ? `version ${version} is the stable one, and everybody has it; \`undo\` goes back to when some had another`
    : "everybody is on the stable arm already; `history` lists what was before, `undo --to-revision N` goes back to it";
}

/** Nothing reaches another arm but who asks for it; `undo` brings back the lists that this takes away. */
function allStable(document: Distribution): Distribution {
  const { killSwitch, users, shadow, ...others } = document;
  const [stable] = document.arms;
  const weights = document.arms.map(({ name }, i) => [name, i === 0 ? bucketCount : 0] as const);
  const kept = Object.entries(users ?? {}).filter(([, arm]) => arm === stable!.name);
  return {
    ...others,
    arms: reweigh(document, Object.fromEntries(weights)),
    ...(killSwitch === stable!.name && { killSwitch }),
    ...(users && { users: Object.fromEntries(kept) }),
    ...(shadow && shadow.arm === stable!.name && { shadow }),
  };
}
