import type { Query } from "../backends/backend.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import { armHeader, type Override } from "./pick.ts";

/** Whether the caller has the role that an override needs. */
export type MayOverride = (call: Call) => boolean;

/** What the query asks for besides what the weights would give; PERMISSION_DENIED when the caller may not. */
export function overrideOf(
  { version, call }: Query,
  mayOverride: MayOverride,
): Override | ServingError | undefined {
  const arm = call.metadata.get(armHeader);
  if (arm === undefined && version === "") return undefined;
  if (!mayOverride(call)) {
    const asked = arm === undefined ? "model_version" : armHeader;
    return new ServingError(
      "PERMISSION_DENIED",
      `${asked} needs a role that may override the distribution; leave it out`,
    );
  }
  return { arm, version: version === "" ? undefined : version };
}
