import { isDeepStrictEqual } from "node:util";
import { bucketCount } from "../../bucket.ts";
import type { Distribution } from "../../distribution.ts";
import { reweigh } from "../../reweigh.ts";
import { refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";

export const abort: VerbOf<"abort"> = (subject, _, nowMs) => {
  const rollout = existing(subject);
  const distribution = allStable(rollout.distribution);
  if (rollout.plan === undefined && isDeepStrictEqual(distribution, rollout.distribution))
    throw refuse(
      "abort",
      rollout,
      "everybody is on the stable arm already; `undo` goes back to what was before",
    );
  return { distribution, state: { phase: "aborted", sinceMs: nowMs } };
};

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
