import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { quoted } from "../backends/identity.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Assignment } from "./assignment.ts";
import { bucketCount, bucketOfHash } from "./bucket.ts";
import type { Arm } from "./distribution.ts";
import type { Word } from "./xxhash64.ts";

/** Metadata that asks for an arm by its name. */
export const armHeader = "x-crossfade-arm";

/** What a caller asks for who does not want what the weights would give. */
export interface Override {
  /** An arm by its name. */
  readonly arm?: string | undefined;
  /** An arm by its version. */
  readonly version?: string | undefined;
}

export interface Choosing {
  /** Empty: anonymous. */
  readonly user: Uint8Array;
  /** The caller may ask for it. */
  readonly override?: Override | undefined;
}

export interface Picked {
  readonly arm: Arm;
  readonly reason: RouteReason;
  /** Of the user that went by bucket; the next pick overwrites it. */
  readonly hash?: Readonly<Word>;
}

/**
 * Kill switch, then override, then user list, then bucket; who has no user key gets an arm by chance.
 * @param chance From 0 up to and without 1.
 */
export function pick(
  assignment: Assignment,
  { user, override }: Choosing,
  chance: () => number,
): Picked | ServingError {
  if (assignment.only !== undefined) return forced(assignment.only, override);
  if (override !== undefined) return overridden(assignment.document.arms, override);
  if (user.length === 0) {
    const bucket = Math.floor(chance() * bucketCount);
    return { arm: assignment.armOfBucket(bucket), reason: RouteReason.ANONYMOUS };
  }
  const listed = assignment.armOfUser(user);
  if (listed !== undefined) return { arm: listed, reason: RouteReason.USER_LIST };
  const hash = assignment.hashOf(user);
  const arm = assignment.armOfBucket(bucketOfHash(hash));
  return { arm, reason: RouteReason.BUCKET, hash };
}

/** A version asked for by name is never answered by another one. */
function forced(arm: Arm, override: Override | undefined): Picked | ServingError {
  const version = override?.version;
  if (version === undefined || version === arm.version)
    return { arm, reason: RouteReason.KILL_SWITCH };
  const only = `the kill switch leaves only the arm ${arm.name} with version ${arm.version}`;
  return new ServingError(
    "FAILED_PRECONDITION",
    `${only}, not version ${quoted(version)}; send no model_version`,
  );
}

function overridden(arms: readonly Arm[], { arm, version }: Override): Picked | ServingError {
  const found = arms.find((one) => (arm === undefined ? fits(one, version) : one.name === arm));
  if (found === undefined) return unknownArm(arms, { arm, version });
  if (fits(found, version)) return { arm: found, reason: RouteReason.OVERRIDE };
  const both = `${armHeader} is ${found.name}, which has version ${found.version}`;
  return new ServingError(
    "INVALID_ARGUMENT",
    `${both}, and model_version is ${quoted(version ?? "")}; send one of them`,
  );
}

/** The arm of a model without a distribution has no version of its own: any may be asked for. */
function fits(arm: Arm, version: string | undefined): boolean {
  return version === undefined || arm.version === "" || arm.version === version;
}

function unknownArm(arms: readonly Arm[], { arm, version = "" }: Override): ServingError {
  const held = arms.map((one) => `${one.name} (version ${one.version})`).join(", ");
  return arm === undefined
    ? new ServingError(
        "FAILED_PRECONDITION",
        `no arm has version ${quoted(version)}; there are ${held}`,
      )
    : new ServingError("INVALID_ARGUMENT", `${armHeader} is ${quoted(arm)}; there are ${held}`);
}
