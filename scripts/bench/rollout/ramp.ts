import { createAssignment } from "../../../router/assignment.ts";
import { bucketCount, createBucketOf } from "../../../router/bucket.ts";
import type { Distribution } from "../../../router/distribution.ts";

/** By bucket, a user who is in it. */
export function usersByBucket(salt: string): readonly string[] {
  const bucketOf = createBucketOf(salt);
  const users = new Map<number, string>();
  for (let i = 0; users.size < bucketCount; i++) {
    const user = `user-${i}`;
    const bucket = bucketOf(Buffer.from(user));
    if (!users.has(bucket)) users.set(bucket, user);
  }
  return Array.from({ length: bucketCount }, (_, bucket) => users.get(bucket)!);
}

/** A bucket whose users the canary has now, and had not before: who answers them by the canary routes by this or by a later revision. */
export function movedBucket(before: Distribution, after: Distribution): number {
  const [then, now] = [createAssignment(before), createAssignment(after)];
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const came = now.armOfBucket(bucket).name === "canary";
    if (came && then.armOfBucket(bucket).name !== "canary") return bucket;
  }
  throw new Error(`revision ${after.revision} gives the canary nobody new`);
}
