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
  expect(digest).toBe("814353b93e622af13345e2f337bf9dafe81895cdc523579eba0d37079125960a");
});
