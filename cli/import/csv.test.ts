import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "./csv.ts";

const valuesOf = (text: string) => [...readCsv(text)].map(({ values }) => values);

test.each<readonly [string, readonly (readonly string[])[]]>([
  ["", []],
  [
    "id,title\n1,Heat\n",
    [
      ["id", "title"],
      ["1", "Heat"],
    ],
  ],
  ["\uFEFFid\r\n1\r\n\r\n2", [["id"], ["1"], ["2"]]],
  [
    '1,"a, ""b"" and\nc"\n2,',
    [
      ["1", 'a, "b" and\nc'],
      ["2", ""],
    ],
  ],
  [
    "id\ttitle\n1\tone, two\n",
    [
      ["id", "title"],
      ["1", "one, two"],
    ],
  ],
  [
    ',\n""\n,x',
    [
      ["", ""],
      ["", "x"],
    ],
  ],
])("%j", (text, records) => {
  expect(valuesOf(text)).toEqual(records);
});

test("records know their lines, whatever the values hold", () => {
  const records = [...readCsv('a\n"b\nb\nb"\n\nc\n')];
  expect(records.map(({ line }) => line)).toEqual([1, 2, 6]);
});

test.each([
  ['a\n"b', "line 2: a value begins with a quote that does not end"],
  ['a\n"b"c', "line 2: something follows the quote"],
])("%j is refused", (text, message) => {
  expect(() => valuesOf(text)).toThrow(message);
});

test("what is written by the rules is read back", () => {
  const record = fc.array(fc.string(), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record), fc.constantFrom("\n", "\r\n"), (records, end) => {
      const text = records.map((values) => values.map(quote).join(",") + end).join("");
      fc.pre(!text.split("\n")[0]!.includes("\t"));
      expect(valuesOf(text)).toEqual(records);
    }),
  );
});

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
