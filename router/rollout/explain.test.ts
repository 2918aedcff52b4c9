import { expect, test } from "vitest";
import { createBucketOf } from "../bucket.ts";
import { distributionOf } from "../distributions.fixture.ts";
import { explain } from "./explain.ts";

const document = distributionOf(
  { stable: 9_500, canary: 500 },
  { users: { ann: "canary" }, salt: "autumn" },
);
const bucketOf = createBucketOf("autumn");

test("by bucket, with the range that has it", () => {
  const inCanary = Array.from({ length: 500 }, (_, i) => `u${i}`).find(
    (user) => bucketOf(Buffer.from(user)) >= 9_500,
  )!;
  const bucket = bucketOf(Buffer.from(inCanary));
  expect(explain(document, inCanary)).toEqual({
    arm: "canary",
    version: "2",
    reason: "BUCKET",
    bucket,
    sentence: `${inCanary} gets canary (version 2): with the salt autumn the user's bucket is ${bucket} of 10000, one of its buckets 9500 to 9999.`,
  });
});

test("by list and by kill switch, with what the bucket alone would give", () => {
  const bucket = bucketOf(Buffer.from("ann"));
  expect(explain(document, "ann")).toEqual({
    arm: "canary",
    version: "2",
    reason: "USER_LIST",
    bucket,
    sentence: `ann gets canary (version 2): the user list says so; bucket ${bucket} alone would give stable.`,
  });
  expect(explain({ ...document, killSwitch: "stable" }, "ann")).toMatchObject({
    arm: "stable",
    reason: "KILL_SWITCH",
    sentence: `ann gets stable (version 1): the kill switch sends everybody there; bucket ${bucket} alone would give stable.`,
  });
});

test("without a user id, by chance", () => {
  expect(explain(document, "")).toEqual({
    arm: "",
    version: "",
    reason: "ANONYMOUS",
    bucket: -1,
    sentence:
      "Who sends no user id gets an arm by chance, each time anew: stable 9500bp, canary 500bp.",
  });
});
