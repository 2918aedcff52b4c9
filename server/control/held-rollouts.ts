import { isDeepStrictEqual } from "node:util";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import { checkRollout } from "../../router/rollout/check-rollout.ts";
import type { Routed } from "./routed.ts";

/** Why a rollout is not taken. */
export type RefusalKind = "older" | "conflict" | "invalid" | "newer_format";

/** What became of a rollout that came from somewhere. */
export type Taken =
  | { readonly kind: "taken" }
  | { readonly kind: "held" }
  | { readonly kind: "older" | "conflict" }
  | { readonly kind: "invalid" | "newer_format"; readonly message: string };

/** The newest rollout of each model: what this process routes by. */
export interface HeldRollouts {
  /** Settles when calls are routed by it. Higher revisions only. */
  take(rollout: Rollout): Promise<Taken>;
  readonly of: (model: string) => Rollout | undefined;
  readonly all: () => readonly Rollout[];
  /** 0: none, or one to begin with. */
  revisionOf(model: string): number;
}

/**
 * A rollout of revision 0 is one to begin with: any other takes its place.
 * @param taken Told of each that is routed by now.
 */
export function holdRollouts(
  routed: Pick<Routed, "apply">,
  taken: (rollout: Rollout) => void,
): HeldRollouts {
  const byModel = new Map<string, Rollout>();

  async function take(rollout: Rollout): Promise<Taken> {
    const { model } = rollout.distribution;
    const refused = refusalOf(rollout, byModel.get(model));
    if (refused !== undefined) return refused;
    byModel.set(model, rollout);
    await routed.apply(rollout.distribution);
    taken(rollout);
    return { kind: "taken" };
  }

  return {
    take,
    of: (model) => byModel.get(model),
    all: () => [...byModel.values()],
    revisionOf: (model) => byModel.get(model)?.distribution.revision ?? 0,
  };
}

/** Nothing is left to routers to refuse. */
function refusalOf(rollout: Rollout, held: Rollout | undefined): Taken | undefined {
  const unreadable = judge(rollout);
  if (unreadable !== undefined) return unreadable;
  if (held === undefined) return undefined;
  const { revision } = rollout.distribution;
  const mine = held.distribution.revision;
  if (revision !== mine) return revision < mine ? { kind: "older" } : undefined;
  return { kind: isDeepStrictEqual(rollout.distribution, held.distribution) ? "held" : "conflict" };
}

function judge(rollout: Rollout): Taken | undefined {
  try {
    checkRollout(rollout, "it");
    return undefined;
  } catch (thrown) {
    const { code, message } = ServingError.from(thrown);
    return { kind: code === Code.FAILED_PRECONDITION ? "newer_format" : "invalid", message };
  }
}
