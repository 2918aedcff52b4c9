import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { createAssignment } from "../assignment.ts";
import { bucketCount } from "../bucket.ts";
import type { Arm, Distribution, Range } from "../distribution.ts";
import { pick } from "../pick.ts";

/** Which arm a user has, by what the router itself decides with. */
export interface Explanation {
  /** "" where chance decides. */
  readonly arm: string;
  readonly version: string;
  /** As `Routed.reason` has it. */
  readonly reason: keyof typeof RouteReason;
  /** -1 for who has no user key. */
  readonly bucket: number;
  readonly sentence: string;
}

export function explain(document: Distribution, userId: string): Explanation {
  const assignment = createAssignment(document);
  const user = Buffer.from(userId);
  const picked = pick(assignment, { user }, () => 0);
  if (picked instanceof Error) throw picked;
  const { arm, reason } = picked;
  const bucket = user.length === 0 ? -1 : assignment.bucketOf(user);
  if (reason === RouteReason.ANONYMOUS) {
    const shares = document.arms.map(({ name, weight }) => `${name} ${weight}bp`).join(", ");
    const sentence = `Who sends no user id gets an arm by chance, each time anew: ${shares}.`;
    return { arm: "", version: "", reason: "ANONYMOUS", bucket, sentence };
  }
  const name = nameOf(reason);
  const { version } = arm;
  const sentence = sentenceOf({ document, userId, arm, bucket, reason: name });
  return { arm: arm.name, version, reason: name, bucket, sentence };
}

function nameOf(reason: RouteReason): keyof typeof RouteReason {
  const names = Object.keys(RouteReason) as (keyof typeof RouteReason)[];
  return names.find((name) => RouteReason[name] === reason) ?? "UNSPECIFIED";
}

interface Case {
  readonly document: Distribution;
  readonly userId: string;
  readonly arm: Arm;
  readonly bucket: number;
  readonly reason: keyof typeof RouteReason;
}

function sentenceOf({ document, userId, arm, bucket, reason }: Case): string {
  const { salt } = document;
  const goes = `${userId} gets ${arm.name} (version ${arm.version})`;
  const owner = document.arms.find(({ ranges }) => rangeWith(ranges, bucket) !== undefined);
  const otherwise = `bucket ${bucket} alone would give ${owner?.name ?? "none"}`;
  if (reason === "KILL_SWITCH")
    return `${goes}: the kill switch sends everybody there; ${otherwise}.`;
  if (reason === "USER_LIST") return `${goes}: the user list says so; ${otherwise}.`;
  const [start, end] = rangeWith(arm.ranges, bucket)!;
  const range = `one of its buckets ${start} to ${end - 1}`;
  return `${goes}: with the salt ${salt} the user's bucket is ${bucket} of ${bucketCount}, ${range}.`;
}

function rangeWith(ranges: readonly Range[], bucket: number): Range | undefined {
  return ranges.find(([start, end]) => start <= bucket && bucket < end);
}
