import type { Rollout } from "./rollout.ts";

/** 0: there is none, or one that routers begin with. */
export function revisionOf(rollout: Rollout | undefined): number {
  return rollout?.distribution.revision ?? 0;
}
