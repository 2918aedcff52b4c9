import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { foldedCodes, foldValue } from "./fold-table.ts";

test("all code points fold as they did when models were trained, whatever Unicode this machine knows", () => {
  const changed: number[] = [];
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    if (foldValue(codePoint) !== 0) changed.push(-codePoint, ...foldedCodes(codePoint));
  }
  const digest = createHash("sha256").update(Int32Array.from(changed)).digest("hex");
  // Another digest means other grams for the same names: raise `nameRules`, and train again.
  expect(digest).toBe("f5048595c7e936b5ad84aac27b51fa6ad00ae07e3684077029f4f22c1fba6af0");
});
