import type { Router } from "../../router/router.ts";
import type { Routed } from "./routed.ts";

/** A router in this process. */
export function routedBy(router: Pick<Router, "apply" | "lower" | "report">): Routed {
  return {
    apply: async (distribution) => void router.apply(distribution),
    lower: async (model, lowered) => router.lower(model, lowered),
    report: () => router.report(),
  };
}
