import { ServingError } from "../../../proto/serving-error.ts";
import { hasSameContent } from "../has-same-content.ts";
import { refuse } from "../refuse.ts";
import { existing, type VerbOf } from "../subject.ts";

/** Salt, lists and kill switch come back as well. Steps do not: nothing moves by itself after an undo. */
export const undo: VerbOf<"undo"> = (subject, { former }) => {
  const rollout = existing(subject);
  const { distribution, plan } = rollout;
  if (former.model !== distribution.model)
    throw new ServingError(
      "INVALID_ARGUMENT",
      `a distribution of ${former.model} cannot be one of ${distribution.model}`,
    );
  if (plan === undefined && hasSameContent(former, distribution))
    throw refuse(
      "undo",
      rollout,
      `revision ${former.revision} is what holds now; name an older one: \`history\` lists them`,
    );
  return { distribution: former, state: { phase: "steady" } };
};
