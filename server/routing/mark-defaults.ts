import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import { entryArm } from "../../router/entry-arm.ts";
import type { Router } from "../../router/router.ts";

/** Where arms stand between, what requests that name no version get is the stable arm's, not what servers would give. */
export function markDefaults(
  listed: readonly ModelVersion[],
  router: Pick<Router, "current"> | undefined,
): readonly ModelVersion[] {
  return listed.map((one) => {
    const document = router?.current(one.model);
    if (document === undefined) return one;
    return { ...one, isDefault: entryArm(document).version === one.version };
  });
}
