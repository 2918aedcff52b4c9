import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test.each([
  ["a\u001B[2Jb", "a\\u001b[2Jb"],
  ["a\u001B]0;title\u0007", "a\\u001b]0;title\\u0007"],
  ["a\u202Eb\u009Bc\r", "a\\u202eb\\u009bc\\u000d"],
  ["\u{E0001}", "\\udb40\\udc01"],
  ["\u001B[31mred\u001B[0m\nnext – ö", "\u001B[31mred\u001B[0m\nnext – ö"],
])("%j is printed as %j", (text, printed) => {
  expect(printable(text)).toBe(printed);
});

test("JSON says the same", () => {
  const said = JSON.stringify({ reason: "a\u202E\u{E0001}\u009B\u001B" });
  expect(JSON.parse(printable(said))).toEqual(JSON.parse(said));
});
