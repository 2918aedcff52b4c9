import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newestFirst } from "./newest-first.ts";

test.each([
  [
    ["9", "10", "2"],
    ["10", "9", "2"],
  ],
  [
    ["v1.9", "v1.10", "v1.9.1"],
    ["v1.10", "v1.9.1", "v1.9"],
  ],
  [
    ["2025-01-31", "2025-02-01"],
    ["2025-02-01", "2025-01-31"],
  ],
])("orders %j as %j", (versions, expected) => {
  expect(versions.toSorted(newestFirst)).toEqual(expected);
});

test("is a total order", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "a") })),
      (versions) => {
        const sorted = versions.toSorted(newestFirst);
        expect(versions.toReversed().toSorted(newestFirst)).toEqual(sorted);
      },
    ),
  );
});
