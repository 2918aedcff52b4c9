import {
  StoreState,
  type GetRolloutResponse,
  type RouterState,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { roughly } from "./views/times.ts";

/** How far the routers are with a revision. */
export interface RouterProgress {
  /** All that did not leave live and route by it or a newer one, and nothing contradicts it. */
  readonly isThere: boolean;
  /** What is missing, router by router. */
  readonly missing: readonly string[];
}

export function progressOf(
  { routers, store }: GetRolloutResponse,
  revision: number,
): RouterProgress {
  const missing = routers.flatMap((router) => lackOf(router, revision));
  if (store === StoreState.DOWN)
    missing.push("the store cannot be reached: other routers are not known");
  if (store === StoreState.BEHIND) missing.push("the store lost what routers hold: adopt it");
  if (routers.length === 0) missing.push("no router reports that it is alive");
  return { isThere: missing.length === 0, missing };
}

function lackOf(router: RouterState, wanted: number): readonly string[] {
  const { router: name, revision, silentMs, isSilent, contradictions } = router;
  if (isSilent) return [`${name} is ${silenceText(router)}`];
  if (revision < wanted)
    return [
      `${name} has revision ${revision}, not ${wanted} (it reported ${roughly(silentMs)} ago)`,
    ];
  if (contradictions === 0) return [];
  return [`${name} sent ${contradictions} queries to another arm than revision ${revision} says`];
}

/** E.g. "silent for 45s, last at revision 2": it may still serve by that. */
export function silenceText({ silentMs, revision }: RouterState): string {
  return `silent for ${roughly(silentMs)}, last at revision ${revision}`;
}
