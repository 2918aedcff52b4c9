import { expect, test } from "vitest";
import { unicodeVersion } from "../../models/names/fold-runs.gen.ts";
import { differingCodePoint } from "./differing-code-point.ts";

const ours = process.versions["unicode"];
const isSame = ours === unicodeVersion;
if (!isSame)
  console.log(`not held against the rules: the table is of Unicode ${unicodeVersion}, not ${ours}`);

test.runIf(isSame)("the table in the tree is what the rules say", () => {
  expect(differingCodePoint()).toBe(undefined);
});
