import type { Query } from "../backends/backend.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import { armHeader, type Override } from "./pick.ts";

/** Whether the caller has the role that an override needs. Asked once per call, of those calls that ask for one. */
export type MayOverride = (call: Call) => boolean;

/** What a query asks for besides what the weights would give; PERMISSION_DENIED when its caller may not. */
export function createOverrideReader(
  mayOverride: MayOverride,
): (query: Query) => Override | ServingError | undefined {
  const decided = new WeakMap<Call, boolean>();
  return ({ version, call }) => {
    const arm = call.metadata.get(armHeader);
    if (arm === undefined && version === "") return undefined;
    const may = decided.get(call) ?? mayOverride(call);
    decided.set(call, may);
    if (may) return { arm, version: version === "" ? undefined : version };
    return denied(arm === undefined ? "model_version" : armHeader);
  };
}

function denied(asked: string): ServingError {
  return new ServingError(
    "PERMISSION_DENIED",
    `${asked} needs a role that may override the distribution; leave it out`,
  );
}
