import { expect, test } from "vitest";
import { generatedFiles, isCurrent } from "./generated.ts";
import { valuesTable } from "./readme.ts";

test.each(generatedFiles)("$name is as npm run helm-check -- --write makes it", (file) => {
  expect(isCurrent(file)).toBe(true);
});

test("a table of values has a row for each, and one for a map that has a comment of its own", () => {
  const table = valuesTable(`# About all of it.

# -- First.
a: 1
b:
  # -- Of b.
  c: [x]
  d: ""
# -- All of e,
# on two lines.
e: { f: "a|b" }
`);
  expect(table.split("\n").slice(2)).toEqual([
    "| `a` | `1` | First. |",
    '| `b.c` | `["x"]` | Of b. |',
    '| `b.d` | `""` |  |',
    '| `e` | `{"f":"a|b"}` | All of e, on two lines. |',
  ]);
});
