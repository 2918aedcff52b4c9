import {
  StoreState,
  type GetRolloutResponse,
  type RouterState,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ago } from "./views/times.ts";

/** How far the routers are with a revision. */
export interface RouterProgress {
  /** All that live route by it or a newer one, and nothing contradicts it. */
  readonly isThere: boolean;
  /** What is missing, router by router. */
  readonly missing: readonly string[];
}

export function progressOf(
  { routers, store }: GetRolloutResponse,
  revision: number,
  nowMs: number,
): RouterProgress {
  const missing = routers.flatMap((router) => lackOf(router, revision, nowMs));
  if (store === StoreState.DOWN)
    missing.push("the store cannot be reached: other routers are not known");
  if (store === StoreState.BEHIND) missing.push("the store lost what routers hold: adopt it");
  if (routers.length === 0) missing.push("no router reports that it is alive");
  return { isThere: missing.length === 0, missing };
}

function lackOf(router: RouterState, wanted: number, nowMs: number): readonly string[] {
  const { router: name, revision, reported, contradictions } = router;
  if (revision < wanted)
    return [
      `${name} has revision ${revision}, not ${wanted} (it reported ${ago(reported, nowMs)})`,
    ];
  if (contradictions === 0) return [];
  return [`${name} sent ${contradictions} queries to another arm than revision ${revision} says`];
}
