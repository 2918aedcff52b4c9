import {
  bucketCount,
  bucketOfHash,
  createUserHash,
  type BucketOf,
  type UserHash,
} from "./bucket.ts";
import type { Arm, Distribution, Shadow } from "./distribution.ts";
import type { Observing } from "./observe/observing.ts";

/** A distribution made ready for picking. */
export interface Assignment {
  readonly document: Distribution;
  readonly stable: Arm;
  readonly bucketOf: BucketOf;
  /** What `bucketOf` is made of. */
  readonly hashOf: UserHash;
  armOfBucket(bucket: number): Arm;
  /** Undefined for who is on no list. */
  armOfUser(user: Uint8Array): Arm | undefined;
  /** Set: every query goes there. */
  readonly only: Arm | undefined;
  readonly shadow: (Shadow & { readonly to: Arm }) | undefined;
  /** Told of every query that goes by this assignment. */
  readonly observing?: Observing | undefined;
}

export function createAssignment(document: Distribution, observing?: Observing): Assignment {
  const { arms, salt, killSwitch, shadow } = document;
  const named = (name: string) => arms.find((arm) => arm.name === name)!;
  const owners = new Uint8Array(bucketCount);
  arms.forEach(({ ranges }, i) => ranges.forEach(([start, end]) => owners.fill(i, start, end)));
  const listed = new Map(
    Object.entries(document.users ?? {}).map(([user, arm]) => [
      keyOf(Buffer.from(user)),
      named(arm),
    ]),
  );
  const hashOf = createUserHash(salt);
  return {
    document,
    stable: arms[0]!,
    bucketOf: (user) => bucketOfHash(hashOf(user)),
    hashOf,
    armOfBucket: (bucket) => arms[owners[bucket]!]!,
    armOfUser: (user) => (listed.size === 0 ? undefined : listed.get(keyOf(user))),
    only: killSwitch === undefined ? undefined : named(killSwitch),
    shadow: shadow && { ...shadow, to: named(shadow.arm) },
    observing,
  };
}

/** One character per byte: cheap, and different for different bytes. */
function keyOf(user: Uint8Array): string {
  return Buffer.from(user.buffer, user.byteOffset, user.length).toString("latin1");
}

/** For models without a distribution: what the servers' own default version is. */
export const defaultAssignment = createAssignment({
  format: 1,
  model: "",
  revision: 0,
  salt: "default",
  arms: [{ name: "stable", version: "", weight: bucketCount, ranges: [[0, bucketCount]] }],
});
