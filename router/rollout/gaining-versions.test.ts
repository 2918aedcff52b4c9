import { expect, test } from "vitest";
import { distributionOf } from "../distributions.fixture.ts";
import { gainingVersions } from "./gaining-versions.ts";

const before = distributionOf({ stable: 9_000, canary: 1_000, blue: 0 });

test.each([
  ["a weight that goes up", distributionOf({ stable: 8_000, canary: 2_000, blue: 0 }), ["2"]],
  ["a weight that goes down", distributionOf({ stable: 9_500, canary: 500, blue: 0 }), ["1"]],
  ["nothing", before, []],
  ["a kill switch", { ...before, killSwitch: "blue" }, ["3"]],
  ["another version", { ...before, arms: [{ ...before.arms[0]!, version: "9" }] }, ["9"]],
])("%s gives users", (_, after, versions) => {
  expect(gainingVersions(before, after)).toEqual(versions);
});

test("where there was nothing, every version that has users gains them", () => {
  expect(gainingVersions(undefined, before)).toEqual(["1", "2"]);
});
